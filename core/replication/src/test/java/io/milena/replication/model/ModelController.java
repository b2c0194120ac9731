package io.milena.replication.model;

import io.milena.protocol.ErrorCode;
import io.milena.replication.Assignment;
import io.milena.replication.Brokers;
import io.milena.replication.Proposal;
import io.milena.replication.ProposalOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The controller of the model, by Kafka's {@code ReplicationControlManager}: it registers and fences brokers, accepts proposals, elects leaders from the ISR and the eligible leader replicas (KIP-966), and moves
 * the partition to other brokers. It never loses anything, and never elects who may lack what is committed.
 */
final class ModelController {
    static final long SESSION_MS = 400;

    private final World world;
    private final int minIsr;
    private final Consumer<Metadata> publisher;
    private final Map<Integer, Brokers.Broker> brokers = new TreeMap<>();
    private final Map<Integer, Long> lastHeardMs = new TreeMap<>();
    /** Which version a broker has to know before it may take part again. */
    private final Map<Integer, Integer> fencings = new TreeMap<>();

    private Assignment assignment;
    private List<Integer> elr = List.of();
    /** Where the partition is to be; empty when it is there. */
    private List<Integer> target = List.of();

    private int version;
    private long lastBrokerEpoch = 100;

    ModelController(World world, List<Integer> ids, List<Integer> replicas, int minIsr, Consumer<Metadata> publisher) {
        this.world = world;
        this.minIsr = minIsr;
        this.publisher = publisher;
        for (int id : ids) {
            brokers.put(id, new Brokers.Broker(id, ++lastBrokerEpoch, Brokers.Standing.ACTIVE, null));
            lastHeardMs.put(id, world.nowMs());
        }
        assignment = new Assignment(replicas.getFirst(), 0, 0, replicas, replicas);
    }

    Assignment assignment() {
        return assignment;
    }

    Metadata latest() {
        return new Metadata(version, assignment, Map.copyOf(brokers));
    }

    private Brokers.Broker registered(int id) {
        return Objects.requireNonNull(brokers.get(id));
    }

    long brokerEpoch(int id) {
        return registered(id).epoch();
    }

    private void publish() {
        version++;
        Metadata metadata = latest();
        world.note(() -> "controller " + assignment + " elr " + elr + " target " + target);
        publisher.accept(metadata);
    }

    /** A new life of a broker, whose disk may be empty: then nothing that it had counts any more. */
    Metadata register(int id, boolean hasLostItsDisk) {
        setStanding(id, ++lastBrokerEpoch, Brokers.Standing.FENCED);
        lastHeardMs.put(id, world.nowMs());
        leave(id);
        if (hasLostItsDisk) {
            elr = without(elr, id);
        }
        publish();
        return latest();
    }

    /** Whether everything that is committed is on other brokers too. */
    boolean canSpareTheDiskOf(int id) {
        List<Integer> holders = new ArrayList<>(assignment.isr());
        holders.addAll(elr);
        return holders.stream().anyMatch(holder -> holder != id);
    }

    void heartbeat(int id, long brokerEpoch, int knownVersion) {
        Brokers.Broker broker = registered(id);
        if (broker.epoch() != brokerEpoch) {
            return;
        }
        lastHeardMs.put(id, world.nowMs());
        boolean knowsItself = knownVersion >= fencings.getOrDefault(id, 0);
        if (broker.standing() == Brokers.Standing.FENCED && knowsItself) {
            setStanding(id, broker.epoch(), Brokers.Standing.ACTIVE);
            electIfNeeded();
            publish();
        }
    }

    private void setStanding(int id, long epoch, Brokers.Standing standing) {
        if (standing == Brokers.Standing.FENCED) {
            fencings.put(id, version + 1);
        }
        brokers.put(id, new Brokers.Broker(id, epoch, standing, null));
    }

    void fenceTheSilent() {
        for (int id : List.copyOf(brokers.keySet())) {
            boolean isSilent = world.nowMs() - lastHeardMs.getOrDefault(id, 0L) > SESSION_MS;
            if (isSilent && registered(id).standing() != Brokers.Standing.FENCED) {
                fence(id);
            }
        }
    }

    void fence(int id) {
        setStanding(id, registered(id).epoch(), Brokers.Standing.FENCED);
        leave(id);
        publish();
    }

    /** Out of the ISR, and out of the leadership. */
    private void leave(int id) {
        if (assignment.isr().contains(id)) {
            change(
                    assignment.leader() == id ? Assignment.NO_LEADER : assignment.leader(),
                    without(assignment.isr(), id));
        }
        electIfNeeded();
    }

    private static List<Integer> without(List<Integer> ids, int id) {
        return ids.stream().filter(each -> each != id).toList();
    }

    /** While fewer are in sync than the topic demands, those that left stay eligible: the high watermark has not moved since. */
    private void change(int leader, List<Integer> isr) {
        List<Integer> eligible = new ArrayList<>();
        if (isr.size() < Math.min(minIsr, assignment.replicas().size())) {
            eligible.addAll(elr);
            assignment.isr().stream().filter(id -> !eligible.contains(id)).forEach(eligible::add);
            eligible.removeAll(isr);
        }
        elr = List.copyOf(eligible);
        int leaderEpoch = assignment.leaderEpoch() + (leader == assignment.leader() ? 0 : 1);
        assignment = new Assignment(leader, leaderEpoch, assignment.partitionEpoch() + 1, assignment.replicas(), isr);
    }

    private void electIfNeeded() {
        if (assignment.leader() != Assignment.NO_LEADER) {
            return;
        }
        List<Integer> electable = active(assignment.isr());
        if (!electable.isEmpty()) {
            change(pick(electable), assignment.isr());
            return;
        }
        List<Integer> eligible = active(elr);
        if (!eligible.isEmpty()) {
            int leader = pick(eligible);
            List<Integer> isr = new ArrayList<>(assignment.isr());
            isr.add(leader);
            change(leader, isr);
        }
    }

    private List<Integer> active(List<Integer> ids) {
        return ids.stream()
                .filter(id -> registered(id).standing() == Brokers.Standing.ACTIVE)
                .toList();
    }

    private int pick(List<Integer> ids) {
        return ids.get(world.random.nextInt(ids.size()));
    }

    /** Moves the leadership within the ISR, to the same leader now and then. */
    void moveLeadership() {
        List<Integer> electable = active(assignment.isr());
        if (electable.isEmpty()) {
            return;
        }
        int leader = pick(electable);
        int epoch = assignment.leaderEpoch() + 1;
        change(leader, assignment.isr());
        assignment =
                new Assignment(leader, epoch, assignment.partitionEpoch(), assignment.replicas(), assignment.isr());
        publish();
    }

    void reassign(List<Integer> newTarget) {
        List<Integer> all = new ArrayList<>(assignment.replicas());
        newTarget.stream().filter(id -> !all.contains(id)).forEach(all::add);
        target = newTarget;
        assignment = new Assignment(
                assignment.leader(), assignment.leaderEpoch(), assignment.partitionEpoch() + 1, all, assignment.isr());
        publish();
    }

    boolean isReassigning() {
        return !target.isEmpty();
    }

    ProposalOutcome alter(int from, long brokerEpoch, Proposal proposal) {
        ErrorCode error = check(from, brokerEpoch, proposal);
        if (error != ErrorCode.NONE) {
            return new ProposalOutcome.Refused(error);
        }
        List<Integer> isr = proposal.members().stream().map(Proposal.Member::id).toList();
        if (!isr.equals(assignment.isr())) {
            change(assignment.leader(), isr);
        }
        completeReassignment();
        publish();
        return assignment.leader() == from
                ? new ProposalOutcome.Accepted(assignment.leaderEpoch(), assignment.partitionEpoch(), assignment.isr())
                : new ProposalOutcome.Refused(ErrorCode.NEW_LEADER_ELECTED);
    }

    private ErrorCode check(int from, long brokerEpoch, Proposal proposal) {
        if (registered(from).epoch() != brokerEpoch) {
            return ErrorCode.STALE_BROKER_EPOCH;
        }
        if (proposal.leaderEpoch() < assignment.leaderEpoch()) {
            return ErrorCode.FENCED_LEADER_EPOCH;
        }
        if (proposal.partitionEpoch() < assignment.partitionEpoch()) {
            return ErrorCode.INVALID_UPDATE_VERSION;
        }
        for (Proposal.Member member : proposal.members()) {
            Brokers.Broker broker = registered(member.id());
            if (!assignment.replicas().contains(member.id())) {
                return ErrorCode.INVALID_REQUEST;
            }
            boolean isMeant = member.brokerEpoch() == -1 || member.brokerEpoch() == broker.epoch();
            if (broker.standing() != Brokers.Standing.ACTIVE || !isMeant) {
                return ErrorCode.INELIGIBLE_REPLICA;
            }
        }
        return world.isCalm() || world.random.nextInt(20) != 0 ? ErrorCode.NONE : ErrorCode.OPERATION_NOT_ATTEMPTED;
    }

    /** It is over when all of the target are in sync; then the others are no replicas any more. */
    private void completeReassignment() {
        if (target.isEmpty() || !assignment.isr().containsAll(target)) {
            return;
        }
        List<Integer> isr = assignment.isr().stream().filter(target::contains).toList();
        boolean stays = target.contains(assignment.leader());
        List<Integer> electable = active(isr);
        if (!stays && electable.isEmpty()) {
            return;
        }
        int leader = stays ? assignment.leader() : pick(electable);
        assignment = new Assignment(
                leader, assignment.leaderEpoch() + (stays ? 0 : 1), assignment.partitionEpoch() + 1, target, isr);
        elr = List.of();
        target = List.of();
    }
}
