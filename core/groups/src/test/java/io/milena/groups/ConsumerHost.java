package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A shard, its host, and a way to send heartbeats to it. */
final class ConsumerHost implements ShardHost.Listener {
    static final String GROUP = "g";

    private final Map<Long, ApiMessage> replies = new HashMap<>();
    private final ShardHost host;
    private long lastToken;

    ConsumerHost(GroupSettings settings, Topics topics) {
        host = new ShardHost(settings, this);
        host.topics(topics);
    }

    ConsumerHost(Topics topics) {
        this(GroupSettings.defaults(), topics);
    }

    ShardHost host() {
        return host;
    }

    GroupShard shard() {
        return host.shard();
    }

    ConsumerGroup group() {
        ConsumerGroup group = shard().groups().consumerGroup(GROUP);
        assertNotNull(group);
        return group;
    }

    @Override
    public void appended(CoordinatorRecord record) {}

    @Override
    public void replied(long token, ApiMessage response) {
        replies.put(token, response);
    }

    @Override
    public void noted(String text) {}

    ApiMessage ask(Function<RequestContext, Command> question, int version) {
        long token = ++lastToken;
        host.handle(question.apply(new RequestContext(token, (short) version, "client", "/127.0.0.1")));
        ApiMessage reply = replies.remove(token);
        assertNotNull(reply);
        return reply;
    }

    ConsumerGroupHeartbeatResponse send(ConsumerGroupHeartbeatRequest request) {
        return (ConsumerGroupHeartbeatResponse)
                ask(context -> new Command.ConsumerHeartbeat(context, request, ConsumerClient.anyUuid()), 1);
    }

    ErrorCode errorOf(ConsumerGroupHeartbeatRequest request) {
        return ErrorCode.of(send(request).errorCode());
    }

    /** One heartbeat, and what follows from the answer. */
    void beat(ConsumerClient client) {
        client.take(send(client.request()));
        client.follow();
    }

    /** Heartbeats of all in turns until nothing changes any more; at most so many rounds. */
    void settle(List<ConsumerClient> clients, int roundsMax) {
        for (int round = 0; round < roundsMax; round++) {
            int before = host.log().size();
            clients.forEach(this::beat);
            if (host.log().size() == before) {
                return;
            }
        }
        throw new AssertionError("still moving after " + roundsMax + " rounds");
    }
}
