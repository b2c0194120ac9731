package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.groups.WalkingClient.RandomStep;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.WireWriter;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One random walk: six clients in two groups, a shard, and {@link Invariants} that are looked at after every step. */
final class RandomWalk implements ShardHost.Listener {
    private static final int SECONDS_UNTIL_CALM = 90;

    private final SplittableRandom random;
    private final ShardHost host;
    private final Invariants invariants;
    private final List<WalkingClient> clients = new ArrayList<>();
    private final Map<Long, Asked> waiting = new LinkedHashMap<>();
    private final Map<String, Long> committed = new TreeMap<>();
    private final List<String> lines = new ArrayList<>();
    private long tokens;
    private long offsets;

    /** A request without an answer. A client that was restarted does not read it any more. */
    private record Asked(
            @Nullable WalkingClient client,
            short version,
            @Nullable OffsetCommitRequest commit) {}

    RandomWalk(long seed, int initialDelayMs) {
        random = new SplittableRandom(seed);
        host = new ShardHost(GroupSettings.defaults().withInitialRebalanceDelayMs(initialDelayMs), this);
        invariants = new Invariants(host);
        for (int i = 0; i < 6; i++) {
            String name = "c" + i;
            short joinVersion = (short) (5 + random.nextInt(5));
            clients.add(new WalkingClient(name, "g" + i % 2, i < 4 ? null : "static" + i, joinVersion));
        }
    }

    List<String> lines() {
        return lines;
    }

    String lastLines() {
        return String.join("\n  ", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            step();
            check();
            if (i % 20 == 0) {
                invariants.checkAgainstTheLog();
            }
        }
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 25) {
            advance(random.nextInt(3_000));
        } else if (dice < 26) {
            say("restart");
            waiting.clear();
            invariants.forgetRounds();
            host.restart();
        } else if (dice < 27) {
            say("move");
            host.moveToAnotherBroker();
            invariants.forgetRounds();
            assertEquals(Map.of(), waiting, "everybody was told");
        } else if (dice < 29) {
            say("fail");
            host.failNextAppend(ErrorCode.NOT_ENOUGH_REPLICAS);
        } else {
            act(clients.get(random.nextInt(clients.size())));
        }
    }

    private void advance(int byMs) {
        say("at " + (host.nowMs() + byMs));
        host.advanceTo(host.nowMs() + byMs);
    }

    private void act(WalkingClient client) {
        RandomStep step = random.nextInt(3) > 0
                ? RandomStep.PROTOCOL
                : RandomStep.values()[random.nextInt(RandomStep.values().length)];
        switch (step) {
            case PROTOCOL -> {
                if (!isWaiting(client)) {
                    proceed(client);
                }
            }
            case REPEAT -> proceed(client);
            case COMMIT -> commit(client, client.commit(offsets++));
            case LEAVE -> {
                if (client.memberId().isEmpty()) {
                    return;
                }
                RequestContext context = asked(client, (short) 5, null);
                handle(
                        client,
                        new Command.LeaveGroup(context, Requests.leave(client.group(), client.memberId(), null)));
                crash(client);
            }
            case CRASH -> {
                say(client.name() + " crashes");
                crash(client);
            }
            case NONSENSE ->
                commit(client, Requests.commit(client.group(), client.memberId(), random.nextInt(-1, 9), "orders", 1));
        }
    }

    private void proceed(WalkingClient client) {
        Command command = client.next(++tokens, new UUID(0, tokens));
        short version = command instanceof Command.JoinGroup ? client.joinVersion() : (short) 4;
        waiting.put(tokens, new Asked(client, version, null));
        handle(client, command);
    }

    private void commit(WalkingClient client, OffsetCommitRequest request) {
        handle(client, new Command.CommitOffsets(asked(client, (short) 8, request), request));
    }

    private RequestContext asked(WalkingClient client, short version, @Nullable OffsetCommitRequest commit) {
        waiting.put(++tokens, new Asked(client, version, commit));
        return WalkingClient.context(tokens, version);
    }

    private void handle(WalkingClient client, Command command) {
        say(client.name() + " " + command);
        host.handle(command);
    }

    private void crash(WalkingClient client) {
        client.forget();
        waiting.replaceAll(
                (token, asked) -> asked.client() == client ? new Asked(null, asked.version(), asked.commit()) : asked);
    }

    private boolean isWaiting(WalkingClient client) {
        return waiting.values().stream().anyMatch(asked -> asked.client() == client);
    }

    @Override
    public void appended(CoordinatorRecord record) {
        invariants.appended(RecordCodec.read(record.key(), record.value()));
    }

    @Override
    public void replied(long token, ApiMessage response) {
        say("  " + token + " " + response);
        Asked asked = waiting.remove(token);
        assertNotNull(asked, "a request is answered once");
        response.write(new WireWriter(), asked.version());
        invariants.replied(response, host.shard());
        OffsetCommitRequest commit = asked.commit();
        if (commit != null && response instanceof OffsetCommitResponse answer && isAccepted(answer)) {
            committed.put(
                    commit.groupId(),
                    commit.topics().getFirst().partitions().getFirst().committedOffset());
        }
        if (asked.client() != null) {
            asked.client().take(response);
        }
    }

    @Override
    public void noted(String text) {
        say("  " + text);
    }

    private static boolean isAccepted(OffsetCommitResponse answer) {
        return answer.topics().getFirst().partitions().getFirst().errorCode() == ErrorCode.NONE.code();
    }

    private void check() {
        invariants.check();
        assertEquals(waiting.size(), invariants.waitingRequests(), "who has no answer waits in a round");
        committed.forEach((group, offset) -> assertEquals(offset, committedOf(group)));
    }

    private long committedOf(String group) {
        return host.shard()
                .offsets(Requests.fetch(group, "orders", 0))
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .committedOffset();
    }

    /** Nothing bad happens any more: after a while everybody has an assignment of the same generation. */
    void calmDown() {
        say("calm");
        for (int second = 0; second < SECONDS_UNTIL_CALM; second++) {
            advance(1_000);
            clients.stream().filter(client -> !isWaiting(client)).forEach(this::proceed);
            check();
        }
        for (WalkingClient client : clients) {
            ClassicGroup group = host.shard().groups().group(client.group());
            assertNotNull(group);
            assertEquals("Stable", group.state().label());
            assertEquals(3, group.members().size());
            assertTrue(client.hasAssignment());
            assertEquals(group.generation(), client.generation());
        }
    }

    /** All processes die: when their sessions are over, the groups are empty, and their offsets are there. */
    void everybodyLeavesSilently() {
        advance(60_000);
        check();
        for (ClassicGroup group : host.shard().groups().all()) {
            assertEquals("Empty", group.state().label());
        }
        assertEquals(Map.of(), waiting);
        invariants.checkAgainstTheLog();
    }

    private void say(String line) {
        lines.add(line);
    }
}
