package io.milena.replication;

/** When records are committed. */
final class HighWatermark {
    private HighWatermark() {}

    /**
     * The leader with the high watermark that its replicas have reached: the lowest forced end among itself and
     * <ul>
     *   <li>the <em>maximal</em> ISR, since whoever the controller may elect must have all that is committed;
     *   <li>those that are caught up and may join, or else the high watermark would run away from them for ever (KAFKA-4477, Kafka's {@code shouldWaitForReplicaToJoinIsr}).
     * </ul>
     * It never goes back, and stands still while fewer replicas are in sync than {@code min.insync.replicas} demands (KIP-966): so those that left the ISR last have all that is committed, and the
     * controller may elect them (ELR) when those that remained are gone.
     */
    static Leader advanced(Leader leader, Turn turn) {
        if (leader.isUnderMinIsr(turn.settings())) {
            return leader;
        }
        long reached = turn.log().forcedEndOffset();
        for (FollowerProgress follower : leader.followers()) {
            if (follower.endOffset() < reached && holdsBack(follower, leader, turn)) {
                reached = follower.endOffset();
            }
        }
        if (reached <= leader.highWatermark()) {
            return leader;
        }
        turn.wake(reached);
        return leader.withHighWatermark(reached);
    }

    private static boolean holdsBack(FollowerProgress follower, Leader leader, Turn turn) {
        return leader.isr().contains(follower.id())
                || leader.change().additions().contains(follower.id())
                || (follower.isCaughtUp(
                                turn.log().endOffset(),
                                turn.nowMs(),
                                turn.settings().lagTimeMaxMs())
                        && Eligibility.mayJoin(follower, turn.brokers()));
    }
}
