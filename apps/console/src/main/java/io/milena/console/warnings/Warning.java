package io.milena.console.warnings;

/**
 * Something that somebody should look at.
 *
 * @param kind for programs
 * @param detail what was seen, with figures
 * @param advice what may be done
 */
public record Warning(String kind, Severity severity, Subject subject, String title, String detail, String advice) {
    /** How bad. */
    public enum Severity {
        WARNING,
        CRITICAL
    }

    /**
     * What it is about.
     *
     * @param topic empty if it is about none
     * @param partition -1 if it is about none
     * @param group empty if it is about none
     */
    public record Subject(String topic, int partition, String group) {
        public static Subject topic(String topic) {
            return new Subject(topic, -1, "");
        }

        public static Subject partition(String topic, int partition) {
            return new Subject(topic, partition, "");
        }

        public static Subject group(String group, String topic) {
            return new Subject(topic, -1, group);
        }
    }
}
