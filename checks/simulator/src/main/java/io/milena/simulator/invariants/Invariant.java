package io.milena.simulator.invariants;

/** Something that holds between any two steps, whatever happens. Whoever sees it broken throws a {@link Violation}. */
public interface Invariant {
    /** A replica has changed, or is new. */
    void see(Sighting replica);

    /** A leader has committed all below, and may be none any more, or have lost its disk, in the same step. */
    default void committed(Sighting.Place place, int leaderEpoch, long highWatermark) {}

    /** A producer was told that its batch is safe, or a follower has shown it to a consumer. */
    default void acknowledged(Sighting.Place place, long baseOffset, long crc) {}

    /** A consumer was told that nothing is open below. */
    default void toldStable(Sighting.Place place, long lastStableOffset) {}

    /** The process has ended. */
    default void ended(Sighting.Life life) {}
}
