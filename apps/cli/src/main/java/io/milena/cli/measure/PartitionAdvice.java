package io.milena.cli.measure;

/**
 * How many partitions a topic should have: the larger of twice the consumers that are expected and a tenth of the MB that come in a second.
 *
 * @param consumers how many are expected in its largest group
 */
public record PartitionAdvice(String topic, int partitions, int consumers, double megabytesPerSecond) {
    private static final int PARTITIONS_PER_CONSUMER = 2;
    private static final double MEGABYTES_PER_PARTITION = 10;
    /** From so many times the advised number on there are too many. */
    private static final int TOO_MANY = 10;
    /** Fewer do no harm to anybody. */
    private static final int HARMLESS = 12;

    public int advised() {
        int forConsumers = PARTITIONS_PER_CONSUMER * consumers;
        int forTraffic = (int) Math.ceil(megabytesPerSecond / MEGABYTES_PER_PARTITION);
        return Math.max(1, Math.max(forConsumers, forTraffic));
    }

    public String verdict() {
        if (partitions < advised()) {
            return "too few: milena topics alter " + topic + " --partitions " + advised()
                    + " (records of a key may then go elsewhere than the older ones)";
        }
        if (partitions > HARMLESS && partitions >= TOO_MANY * advised()) {
            return "more than needed: each costs files, memory and time at elections; fewer need a new topic";
        }
        return "enough";
    }
}
