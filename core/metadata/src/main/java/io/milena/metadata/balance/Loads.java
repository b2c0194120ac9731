package io.milena.metadata.balance;

/** What brokers have to carry, by broker and kind, while a plan is made. How uneven that is, is one number: the sum of squares of each load over the average of its kind. */
final class Loads {
    /** The kinds of load. */
    enum Kind {
        REPLICAS,
        LEADERS,
        BYTES,
        TRAFFIC
    }

    static final Kind[] KINDS = Kind.values();

    private final double[][] ofBroker;
    private final double[] averages = new double[KINDS.length];

    /** @param brokers how many; each is known by its index */
    Loads(int brokers) {
        this.ofBroker = new double[brokers][KINDS.length];
    }

    /** What one replica carries, by kind. */
    static double[] of(ReplicaLoad load, boolean isLeader) {
        return new double[] {1, isLeader ? 1 : 0, load.bytes(), load.inPerSecond() + load.outPerSecond()};
    }

    void add(int broker, double[] load, int times) {
        for (int kind = 0; kind < KINDS.length; kind++) {
            ofBroker[broker][kind] += times * load[kind];
        }
    }

    /** Fixes the averages, over the brokers that are to have something. */
    void average(boolean[] counts) {
        int brokers = 0;
        for (int broker = 0; broker < ofBroker.length; broker++) {
            for (int kind = 0; kind < KINDS.length; kind++) {
                averages[kind] += ofBroker[broker][kind];
            }
            brokers += counts[broker] ? 1 : 0;
        }
        for (int kind = 0; kind < KINDS.length; kind++) {
            averages[kind] /= Math.max(1, brokers);
        }
    }

    /** A broker's load over the average; 0 if nobody carries anything of the kind. */
    double relative(int broker, Kind kind) {
        double average = averages[kind.ordinal()];
        return average <= 0 ? 0 : ofBroker[broker][kind.ordinal()] / average;
    }

    boolean isThere(Kind kind) {
        return averages[kind.ordinal()] > 0;
    }

    /** Whether a move could mend anything: where whole replicas are counted, less than one too many or too few is none. */
    boolean isMovable(int broker, Kind kind) {
        double distance = Math.abs(ofBroker[broker][kind.ordinal()] - averages[kind.ordinal()]);
        return kind == Kind.BYTES || kind == Kind.TRAFFIC || distance >= 1;
    }

    /** By how much the unevenness changes if a load goes from one broker to another; negative is better. */
    double change(int from, int to, double[] load) {
        double change = 0;
        for (int kind = 0; kind < KINDS.length; kind++) {
            double average = averages[kind];
            if (average > 0) {
                double part = load[kind] / average;
                double before = ofBroker[from][kind] / average;
                double after = ofBroker[to][kind] / average;
                change += 2 * part * (after - before + part);
            }
        }
        return change;
    }
}
