package io.milena.cli.demo;

import io.milena.cli.CommandFailure;
import io.milena.embedded.MilenaCluster;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The plot: orders of two users, a group of two members, a crash, a broker that is killed and comes back. */
public final class Story {
    private static final String GROUP = "order-processor";
    private static final String USER = "user-123";
    private static final String OTHER_USER = "user-789";
    private static final long PATIENCE_MS = 60_000;
    private static final long AGAIN_MS = 20;

    private final MilenaCluster cluster;
    private final Narrator narrator;
    private final int sessionMs;
    private final Pictures pictures;
    private final Orders orders;
    private final Journal journal = new Journal();
    private final List<Order> sent = new ArrayList<>();

    /** @param sessionMs after how long a member that is not heard of any more is given up */
    public Story(MilenaCluster cluster, Narrator narrator, int sessionMs) {
        this.cluster = cluster;
        this.narrator = narrator;
        this.sessionMs = sessionMs;
        this.pictures = new Pictures(narrator);
        this.orders = new Orders(cluster.bootstrapServers());
    }

    /** @throws CommandFailure if something does not happen that the story tells */
    public void play() throws IOException, InterruptedException {
        topic();
        firstOrders();
        Member a = member("A");
        Member b = member("B");
        try {
            group(a, b);
            crash(a);
            int killed = kill();
            comeback(killed);
            end();
        } finally {
            a.crash();
            b.crash();
        }
    }

    private Member member(String name) {
        return new Member(name, cluster.bootstrapServers(), GROUP, sessionMs, journal);
    }

    private void topic() throws IOException, InterruptedException {
        narrator.title("1  A topic");
        narrator.say("`orders` has 3 partitions, and each of them 2 replicas: one leads, one follows.");
        orders.create();
        showPlacement(awaitPartitions(partition -> partition.isrNodes().size() == 2, "the replicas are not in sync"));
        narrator.rest();
    }

    private void showPlacement(List<MetadataResponsePartition> partitions) {
        Set<Integer> running =
                cluster.brokers().stream().filter(cluster::isRunning).collect(Collectors.toSet());
        narrator.picture(pictures.placement(partitions, new TreeSet<>(cluster.brokers()), running));
    }

    private List<MetadataResponsePartition> awaitPartitions(
            Predicate<MetadataResponsePartition> condition, String otherwise) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        List<MetadataResponsePartition> now = orders.partitions();
        while (!now.stream().allMatch(condition)) {
            if (System.nanoTime() > end) {
                throw new CommandFailure("the story does not come true: " + otherwise);
            }
            Thread.sleep(AGAIN_MS);
            now = orders.partitions();
        }
        return now;
    }

    private Order send(String name, String key) throws InterruptedException {
        Order order = orders.send(name, key);
        sent.add(order);
        return order;
    }

    private void firstOrders() throws IOException, InterruptedException {
        narrator.title("2  Three orders");
        narrator.say("Sent with acks=all. The key chooses the partition: the same key, the same partition.");
        Order first = send("O1", USER);
        Order second = send("O2", OTHER_USER);
        Order third = send("O3", USER);
        check(
                first.partition() == third.partition()
                        && first.offset() < third.offset()
                        && first.partition() != second.partition(),
                "the orders of one user are not in one partition, in order");
        narrator.picture(pictures.logs(sent));
        narrator.say("O1 and O3 are of one user: they are in one partition, in the order in which they came.");
        narrator.rest();
    }

    private void group(Member a, Member b) throws IOException, InterruptedException {
        narrator.title("3  A group of two");
        narrator.say("The consumers A and B of the group `" + GROUP + "` share the partitions.");
        a.start();
        b.start();
        journal.await(
                () -> journal.assigned().size() == 2
                        && journal.assigned().values().stream().noneMatch(List::isEmpty)
                        && partitionsOf(journal.assigned().values()) == Orders.PARTITIONS,
                "A and B do not share the partitions");
        for (Order order : sent) {
            tellProcessed(order);
        }
        showGroup();
        narrator.rest();
    }

    private static int partitionsOf(Collection<List<Integer>> assignments) {
        return assignments.stream()
                .flatMap(List::stream)
                .collect(Collectors.toSet())
                .size();
    }

    private void tellProcessed(Order order) throws InterruptedException {
        String member = journal.processor(order);
        narrator.say(member + " has processed " + order.name() + ", at offset " + order.offset() + " of " + Orders.TOPIC
                + "-" + order.partition() + ".");
    }

    private void showGroup() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        Map<Integer, Long> committed = orders.committed(GROUP);
        while (!areAllCommitted(committed) && System.nanoTime() < end) {
            Thread.sleep(AGAIN_MS);
            committed = orders.committed(GROUP);
        }
        check(areAllCommitted(committed), "what was processed is not committed");
        narrator.picture(pictures.group(journal.assigned(), committed));
    }

    private boolean areAllCommitted(Map<Integer, Long> committed) {
        return sent.stream().allMatch(order -> committed.getOrDefault(order.partition(), 0L) > order.offset());
    }

    private void crash(Member a) throws IOException, InterruptedException {
        narrator.title("4  A crashes");
        List<Integer> ofA = journal.assigned().getOrDefault("A", List.of());
        String orphan = ofA.contains(Orders.partitionOf(USER)) ? USER : OTHER_USER;
        check(ofA.contains(Orders.partitionOf(orphan)), "A reads neither user's partition");
        int before = journal.processed().size();
        a.crash();
        long crashed = System.nanoTime();
        narrator.say("It says nothing: its heartbeats are missing, and after the session time-out of "
                + sessionMs / 1_000 + " s it is given up.");
        Order order = send("O4", orphan);
        narrator.say("O4 comes meanwhile, for a partition that A had. It waits …");
        journal.await(
                () -> journal.assigned().getOrDefault("B", List.of()).size() == Orders.PARTITIONS,
                "B does not take over");
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - crashed);
        narrator.say("After " + tookMs / 1_000 + "." + tookMs % 1_000 / 100
                + " s B has all partitions, and goes on at the committed offsets:");
        tellProcessed(order);
        showGroup();
        check(journal.processed().size() == before + 1, "B has not gone on exactly where A had committed");
        narrator.say("Nothing is lost, and nothing that A had committed was processed again.");
        narrator.rest();
    }

    private int kill() throws IOException, InterruptedException {
        int leader = orders.partitions().get(Orders.partitionOf(USER)).leaderId();
        narrator.title("5  A broker is killed");
        narrator.say("Broker " + leader + " leads the partition of O1"
                + (cluster.controller().orElse(-1) == leader ? ", and is the active controller." : "."));
        cluster.kill(leader);
        long killed = System.nanoTime();
        Order order = send("O5", USER);
        long gapMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
        narrator.say("O5, sent at once, is acknowledged after " + gapMs + " ms: a follower leads now.");
        List<MetadataResponsePartition> partitions = awaitPartitions(
                partition ->
                        partition.leaderId() != leader && !partition.isrNodes().contains(leader),
                "nobody leads in place of broker " + leader);
        tellProcessed(order);
        showPlacement(partitions);
        narrator.say("Under-replicated: " + Pictures.underReplicated(partitions) + ". Processing goes on.");
        check(partitions.stream().anyMatch(Pictures::isUnderReplicated), "nothing is under-replicated");
        narrator.rest();
        return leader;
    }

    private void comeback(int broker) throws IOException, InterruptedException {
        narrator.title("6  It comes back");
        cluster.start(broker);
        List<MetadataResponsePartition> partitions = awaitPartitions(
                partition -> !Pictures.isUnderReplicated(partition), "broker " + broker + " does not catch up");
        narrator.say("Broker " + broker + " has recovered, fetched what it had missed, and is in sync again.");
        showPlacement(partitions);
        tellProcessed(send("O6", OTHER_USER));
        showGroup();
        narrator.rest();
    }

    private void end() {
        List<Order> processed =
                journal.processed().stream().map(Journal.Processed::order).toList();
        check(Set.copyOf(processed).containsAll(sent), "an order was acknowledged and never processed");
        int again = processed.size() - Set.copyOf(processed).size();
        narrator.title("The end");
        narrator.say(sent.size() + " orders were acknowledged, " + sent.size() + " were processed"
                + (again == 0
                        ? ", each of them once."
                        : ", " + again + " of them twice, as a commit was lost with a broker."));
        narrator.picture(pictures.logs(sent));
    }

    private static void check(boolean isTrue, String otherwise) {
        if (!isTrue) {
            throw new CommandFailure("the story does not come true: " + otherwise);
        }
    }
}
