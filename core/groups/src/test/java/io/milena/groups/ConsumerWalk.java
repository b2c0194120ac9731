package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One seeded story of a consumer group, with what must hold after every step and at its end. */
final class ConsumerWalk {
    private static final int SESSION_MS = 45_000;
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final Random random;
    private final ConsumerHost host;
    private final List<ConsumerClient> clients = new ArrayList<>();
    private final SortedMap<String, Integer> counts = new TreeMap<>(Map.of("a", 3, "b", 5));
    private final Map<String, Integer> epochs = new HashMap<>();
    private int groupEpoch;
    private int created;

    ConsumerWalk(long seed) {
        random = new Random(seed);
        host = new ConsumerHost(
                GroupSettings.defaults()
                        .withConsumer(new ConsumerSettings(
                                SESSION_MS,
                                5_000,
                                Integer.MAX_VALUE,
                                random.nextBoolean() ? List.of("uniform") : List.of("range"))),
                topics());
    }

    private Topics topics() {
        return TopicTable.of(counts.entrySet().stream()
                .map(topic -> topic.getKey() + ":" + topic.getValue())
                .toArray(String[]::new));
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
            check();
            if (step % 15 == 0) {
                theLogTellsTheSame();
            }
        }
        theLogTellsTheSame();
        end();
    }

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 1 -> join(null);
            case 2 -> join("instance-" + random.nextInt(2));
            case 3 -> leave();
            case 4 -> crash();
            case 5 -> subscribe();
            case 6 -> changeTopics();
            case 7 -> host.host().restart();
            case 8 -> host.host().moveToAnotherBroker();
            case 9 -> host.host().failNextAppend(ErrorCode.NOT_LEADER_OR_FOLLOWER);
            case 10 -> host.host().advanceTo(host.host().nowMs() + random.nextInt(SESSION_MS));
            default -> beat();
        }
    }

    private @Nullable ConsumerClient any() {
        return clients.isEmpty() ? null : clients.get(random.nextInt(clients.size()));
    }

    private void join(@Nullable String instanceId) {
        if (clients.size() < 6 && clients.stream().noneMatch(client -> isOf(client, instanceId))) {
            clients.add(new ConsumerClient(ConsumerHost.GROUP, "m" + created++, instanceId, someTopics()));
        }
    }

    private static boolean isOf(ConsumerClient client, @Nullable String instanceId) {
        return instanceId != null && instanceId.equals(client.instanceId());
    }

    private List<String> someTopics() {
        List<String> some = NAMES.stream().filter(name -> random.nextInt(3) > 0).toList();
        return some.isEmpty() ? List.of("a") : some;
    }

    private void leave() {
        ConsumerClient client = any();
        if (client != null && client.epoch() > 0) {
            boolean comesBack = client.instanceId() != null && random.nextBoolean();
            host.send(client.farewell(comesBack ? -2 : -1));
            clients.remove(client);
        }
    }

    /** Nobody hears of it again; a new process may take the name of its instance when its session is over. */
    private void crash() {
        ConsumerClient client = any();
        if (client != null) {
            clients.remove(client);
        }
    }

    private void subscribe() {
        ConsumerClient client = any();
        if (client != null && random.nextInt(3) == 0) {
            client.subscribeTo(random.nextBoolean() ? "[ab]" : "");
        } else if (client != null) {
            client.subscribe(someTopics());
        }
    }

    private void changeTopics() {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        if (random.nextInt(4) == 0) {
            counts.remove(name);
        } else {
            counts.merge(name, 1 + random.nextInt(2), Integer::sum);
        }
        host.host().topics(topics());
    }

    private void beat() {
        ConsumerClient client = any();
        if (client == null) {
            return;
        }
        ConsumerGroupHeartbeatResponse response = host.send(client.request());
        if (random.nextInt(8) == 0) {
            client.missAnswer();
            return;
        }
        client.take(response);
        if (random.nextInt(4) > 0) {
            client.follow();
        }
    }

    private void check() {
        ConsumerGroup group = host.shard().groups().consumerGroup(ConsumerHost.GROUP);
        if (group == null) {
            return;
        }
        assertTrue(group.epoch() >= groupEpoch, "the epoch of a group never goes back");
        groupEpoch = group.epoch();
        assertTrue(group.assignmentEpoch() <= group.epoch());
        noPartitionHasTwoOwners(group);
        for (ConsumerMember member : group.members().values()) {
            int before = epochs.getOrDefault(member.id(), 0);
            if (member.epoch() != ConsumerMember.EPOCH_OF_ABSENT) {
                assertTrue(member.epoch() >= before, "the epoch of a member never goes back");
                epochs.put(member.id(), member.epoch());
            }
            assertTrue(member.epoch() <= group.assignmentEpoch());
        }
    }

    private void theLogTellsTheSame() {
        ConsumerGroup group = host.shard().groups().consumerGroup(ConsumerHost.GROUP);
        if (group != null) {
            ConsumerGroup loaded = host.host().fromLog().groups().consumerGroup(ConsumerHost.GROUP);
            assertTrue(loaded != null && loaded.members().equals(group.members()));
            assertEquals(group.targets(), loaded.targets());
        }
    }

    private void noPartitionHasTwoOwners(ConsumerGroup group) {
        Map<PartitionId, String> byRecords = new TreeMap<>();
        for (ConsumerMember member : group.members().values()) {
            member.holding().assigned().keySet().forEach(each -> assertNull(byRecords.put(each, member.id())));
            member.holding().revoking().keySet().forEach(each -> assertNull(byRecords.put(each, member.id())));
        }
        Map<PartitionId, String> byClients = new TreeMap<>();
        for (ConsumerClient client : clients) {
            if (group.member(client.memberId()) != null) {
                client.owned().forEach(each -> assertNull(byClients.put(each, client.memberId())));
            }
        }
        for (ConsumerMember member : group.members().values()) {
            member.holding().assigned().keySet().forEach(each -> assertEquals(member.id(), group.ownerOf(each)));
        }
    }

    /** Whoever is still there and goes on gets its share, and all partitions are with somebody. */
    private void end() {
        host.host().failNextAppend(null);
        if (clients.isEmpty()) {
            clients.add(new ConsumerClient(ConsumerHost.GROUP, "last", null, List.of("a")));
        }
        for (int round = 0; round < 40; round++) {
            clients.forEach(host::beat);
            host.host().advanceTo(host.host().nowMs() + 5_000);
        }
        ConsumerGroup group = host.group();
        assertEquals("Stable", group.state());
        SortedSet<PartitionId> owned = new TreeSet<>();
        for (ConsumerClient client : clients) {
            assertEquals(group.target(client.memberId()), client.owned());
            owned.addAll(client.owned());
        }
        SortedSet<PartitionId> expected = new TreeSet<>();
        for (String topic : group.subscribedTopics()) {
            for (int i = 0; i < counts.getOrDefault(topic, 0); i++) {
                expected.add(ConsumerClient.partition(topic, i));
            }
        }
        assertEquals(expected, owned);
        assertEquals(clients.size(), group.members().size());
    }
}
