package io.milena.cli.why;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Why is a partition without a leader, or under-replicated?
 *
 * @param leader -1 for none
 * @param brokers those that are up
 * @param offline replicas whose broker or disk is gone, as the controller says
 */
public record WhyPartition(
        String name,
        int leader,
        List<Integer> replicas,
        List<Integer> isr,
        Set<Integer> offline,
        Set<Integer> brokers,
        int minInsyncReplicas) {

    public Answer answer() {
        Answer.Reasoning because = new Answer.Reasoning()
                .found(name + " has replicas on " + replicas + ", in sync are " + isr + ", the leader is "
                        + (leader < 0 ? "nobody" : "broker " + leader));
        Set<Integer> down = new TreeSet<>(replicas);
        down.removeAll(brokers);
        Set<Integer> withoutDisk = new TreeSet<>(offline);
        withoutDisk.removeAll(down);
        Set<Integer> behind = new TreeSet<>(replicas);
        behind.removeAll(isr);
        behind.removeAll(down);
        behind.removeAll(withoutDisk);
        because.found(down.isEmpty() ? "all their brokers are up" : "of their brokers, " + down + " are not there");
        if (!withoutDisk.isEmpty()) {
            because.found(withoutDisk + " are up, but have no disk for this partition");
        }
        if (leader < 0) {
            return because.so(
                    "nobody leads it: no in-sync replica is there, and another could have lost acknowledged records",
                    "bring back one of " + isr,
                    "or, if they are gone for good and records may be lost: milena partitions elect --type unclean");
        }
        if (withoutDisk.contains(leader)) {
            return because.so(
                    "the disk of its leader has failed, and no other replica is in sync: nobody can read or write it",
                    "look at the log of broker " + leader + ", mend or replace the disk, start it again");
        }
        if (isr.size() >= replicas.size()) {
            return because.so("it is not under-replicated");
        }
        if (!behind.isEmpty()) {
            because.found(behind + " are up, but not in sync: they have not caught up within replica.lag.time.max.ms");
        }
        because.found(
                isr.size() < minInsyncReplicas
                        ? "fewer are in sync than min.insync.replicas (" + minInsyncReplicas
                                + "), so writes with acks=all are refused"
                        : "as many are in sync as min.insync.replicas (" + minInsyncReplicas
                                + ") asks for, so writes go on");
        if (!down.isEmpty()) {
            return because.so(
                    "it is under-replicated because of brokers that are not there: " + down,
                    "start them again: they catch up by themselves",
                    "or move their replicas: milena partitions reassign, or milena cluster rebalance --leaving");
        }
        if (!withoutDisk.isEmpty()) {
            return because.so(
                    "it is under-replicated because of failed disks on " + withoutDisk,
                    "look at the log of these brokers, replace the disk, start them again");
        }
        return because.so(
                "it is under-replicated because " + behind + " are still catching up, or cannot keep up",
                "wait, if they have just started; else look at their disks, their network and their load");
    }
}
