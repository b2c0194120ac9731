package io.milena.log.journal;

/**
 * How large a journal may become, and when there is one.
 *
 * @param fileBytes of one file; a multiple of 4,096
 * @param filesMax 0 for no journal at all
 * @param afterForces how often logs are forced before there is one: a broker that is asked for little needs none; 0 for all files from the start
 */
public record JournalSettings(int fileBytes, int filesMax, int afterForces) {
    public static final JournalSettings NONE = new JournalSettings(0, 0, 0);

    private static final int FILE_BYTES = 16 << 20;
    private static final int AFTER_FORCES = 500;

    /** For {@code milena.journal.bytes}. */
    public static JournalSettings of(long bytesMax) {
        return new JournalSettings(FILE_BYTES, (int) (bytesMax / FILE_BYTES), AFTER_FORCES);
    }
}
