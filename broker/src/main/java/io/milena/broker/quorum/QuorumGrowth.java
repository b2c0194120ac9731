package io.milena.broker.quorum;

import io.milena.metadata.ClusterImage;
import io.milena.quorum.Quorum;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which members of a quorum are to change their part. Controllers that follow become voters in such numbers that there is an odd number of voters then: a second one alone would only double the nodes without which
 * nothing can be decided. A broker that is unregistered follows no more, and a controller that is no
 * member is none.
 */
final class QuorumGrowth {
    private static final int VOTERS_MAX = 5;

    private QuorumGrowth() {}

    /** The observers that are to be voters. */
    static Set<Integer> promoted(Quorum quorum, ClusterImage image) {
        List<Integer> ready = new ArrayList<>();
        for (Quorum.Replica observer : quorum.observers()) {
            boolean isNear = observer.endOffset() != Quorum.UNKNOWN;
            if (isNear && image.controller(observer.peer().id()) != null) {
                ready.add(observer.peer().id());
            }
        }
        int voters = quorum.voters().size();
        int wanted = Math.min(VOTERS_MAX, voters + ready.size());
        int odd = wanted % 2 == 1 ? wanted : wanted - 1;
        return new TreeSet<>(ready.subList(0, Math.max(0, odd - voters)));
    }

    /** The observers that have left the cluster: of those that were registered as brokers once. */
    static Set<Integer> gone(Quorum quorum, ClusterImage image, Set<Integer> onceBrokers) {
        Set<Integer> gone = new TreeSet<>();
        for (Quorum.Replica observer : quorum.observers()) {
            int id = observer.peer().id();
            if (onceBrokers.contains(id) && image.broker(id) == null) {
                gone.add(id);
            }
        }
        return gone;
    }

    /** The controllers that are no members. */
    static Set<Integer> strangers(Quorum quorum, ClusterImage image) {
        Set<Integer> strangers = new TreeSet<>();
        image.controllers().forEach(controller -> strangers.add(controller.controllerId()));
        quorum.voters().forEach(voter -> strangers.remove(voter.peer().id()));
        quorum.observers().forEach(observer -> strangers.remove(observer.peer().id()));
        return strangers;
    }
}
