package io.milena.transactions;

/**
 * Whose a transactional id is.
 *
 * @param previousProducerId the producer id before the last change of anything: after a new id was given, it tells the retry of a former request from a stranger
 * @param lastEpoch the epoch that was taken from this same producer when it got its present one, or -1: by it the retry of a request whose answer was lost is known. Not persistent, as in Kafka: a
 *     retry that spans a restart is fenced
 */
record Owner(long producerId, long previousProducerId, short epoch, short lastEpoch) {
    /** Epochs end here: the last one is kept for fencing. */
    static final short EPOCH_MAX = Short.MAX_VALUE - 1;

    static Owner first(long producerId) {
        return new Owner(producerId, producerId, (short) 0, Producer.NO_EPOCH);
    }

    Producer producer() {
        return new Producer(producerId, epoch);
    }

    /** There is no epoch left to give, so that the next producer gets a new id. */
    boolean isExhausted() {
        return isExhausted(epoch);
    }

    static boolean isExhausted(short epoch) {
        return epoch >= EPOCH_MAX;
    }

    boolean isNow(Producer producer) {
        return producer.id() == producerId && producer.epoch() == epoch;
    }

    /** The producer is known by the epoch that was taken from it, and has not heard of its new one, because the answer got lost. Nobody has introduced itself since. */
    boolean remembers(Producer producer) {
        return lastEpoch != Producer.NO_EPOCH
                && producer.epoch() == lastEpoch
                && (producer.id() == producerId || wasJustRotated(producer));
    }

    /** It had the id before this one, to the end of its epochs. */
    boolean wasJustRotated(Producer producer) {
        return producer.id() == previousProducerId && previousProducerId != producerId && isExhausted(producer.epoch());
    }

    /** Nothing changes but what is remembered of the past. */
    Owner same() {
        return new Owner(producerId, producerId, epoch, lastEpoch);
    }

    /** The next epoch; the last one of all stays. */
    Owner bumped(short rememberedEpoch) {
        short next = epoch == Short.MAX_VALUE ? epoch : (short) (epoch + 1);
        return new Owner(producerId, producerId, next, rememberedEpoch);
    }

    /** A new id, whose epochs begin anew. */
    Owner rotated(long newProducerId, short rememberedEpoch) {
        return new Owner(newProducerId, producerId, (short) 0, rememberedEpoch);
    }
}
