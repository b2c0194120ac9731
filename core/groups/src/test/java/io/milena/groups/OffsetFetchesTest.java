package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.WireWriter;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffsetFetchesTest {
    private final Client client = new Client(GroupSettings.defaults());

    @Test
    void everyVersionGivesTheSameOffset() {
        client.commit(8, Requests.commit("g", "", -1, "orders", 5, "here"));

        for (short version = OffsetFetchRequest.LOWEST_VERSION;
                version <= OffsetFetchRequest.HIGHEST_VERSION;
                version++) {
            OffsetFetchResponse response = ask(request(version), version);
            response.write(new WireWriter(), version);
            if (version < 8) {
                assertEquals(
                        5, response.topics().getFirst().partitions().getFirst().committedOffset());
            } else {
                var partition = response.groups()
                        .getFirst()
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst();
                assertEquals(5, partition.committedOffset());
                assertEquals("here", partition.metadata());
            }
        }
    }

    private static OffsetFetchRequest request(short version) {
        if (version >= 8) {
            return OffsetFetchRequest.builder()
                    .groups(List.of(Requests.fetch("g", "orders", 0)))
                    .build();
        }
        return OffsetFetchRequest.builder()
                .groupId("g")
                .topics(List.of(new OffsetFetchRequestTopic("orders", List.of(0))))
                .build();
    }

    private OffsetFetchResponse ask(OffsetFetchRequest request, short version) {
        List<OffsetFetchResponseGroup> answers = OffsetFetches.groups(request, version).stream()
                .map(client.host().shard()::offsets)
                .toList();
        return OffsetFetches.response(answers, version);
    }

    @Test
    void withoutTopicsAllAreMeant() {
        client.commit(8, Requests.commit("g", "", -1, "payments", 6));
        client.commit(8, Requests.commit("g", "", -1, "orders", 5));

        OffsetFetchRequest request =
                OffsetFetchRequest.builder().groupId("g").topics(null).build();
        assertNull(OffsetFetches.groups(request, (short) 7).getFirst().topics());
        OffsetFetchResponse response = ask(request, (short) 7);

        assertEquals(
                List.of("orders", "payments"),
                response.topics().stream().map(topic -> topic.name()).toList());
    }

    @Test
    void aRefusalIsWhereTheVersionHasAPlaceForIt() {
        short error = ErrorCode.NOT_COORDINATOR.code();

        assertEquals(error, refused((short) 8).groups().getFirst().errorCode());
        assertEquals(error, refused((short) 2).errorCode());
        assertEquals(List.of(), refused((short) 2).topics());
        var partition = refused((short) 1).topics().getFirst().partitions().getFirst();
        assertEquals(error, partition.errorCode());
        assertEquals(-1, partition.committedOffset());
    }

    private static OffsetFetchResponse refused(short version) {
        OffsetFetchRequestGroup group =
                OffsetFetches.groups(request(version), version).getFirst();
        OffsetFetchResponse response = OffsetFetches.response(
                List.of(OffsetFetches.refused(group, ErrorCode.NOT_COORDINATOR, version)), version);
        response.write(new WireWriter(), version);
        return response;
    }
}
