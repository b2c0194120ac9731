package io.milena.groups;

import static io.milena.protocol.ErrorCode.FENCED_INSTANCE_ID;
import static io.milena.protocol.ErrorCode.GROUP_ID_NOT_FOUND;
import static io.milena.protocol.ErrorCode.ILLEGAL_GENERATION;
import static io.milena.protocol.ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
import static io.milena.protocol.ErrorCode.INVALID_GROUP_ID;
import static io.milena.protocol.ErrorCode.INVALID_SESSION_TIMEOUT;
import static io.milena.protocol.ErrorCode.MEMBER_ID_REQUIRED;
import static io.milena.protocol.ErrorCode.NONE;
import static io.milena.protocol.ErrorCode.NON_EMPTY_GROUP;
import static io.milena.protocol.ErrorCode.OFFSET_METADATA_TOO_LARGE;
import static io.milena.protocol.ErrorCode.REBALANCE_IN_PROGRESS;
import static io.milena.protocol.ErrorCode.UNKNOWN_MEMBER_ID;
import static io.milena.protocol.ErrorCode.UNKNOWN_SERVER_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.protocol.message.SyncGroupResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests, right and wrong, and what Apache Kafka 4.3.1 answered to each. */
class AnswersOfKafkaTest {
    private static final GroupSettings SETTINGS = GroupSettings.defaults().withInitialRebalanceDelayMs(0);

    private final Client client = new Client(SETTINGS);

    @Test
    void joinIsRefusedWithoutTouchingTheGroup() {
        assertRefused(UNKNOWN_MEMBER_ID, "ghost", client.join(9, Requests.join("g", "ghost", "range")));
        assertRefused(INVALID_GROUP_ID, "", client.join(9, Requests.join("", "", "range")));
        assertRefused(INCONSISTENT_GROUP_PROTOCOL, "", client.join(9, Requests.join("g", "")));
        JoinGroupResponse tooShort = client.join(
                6,
                Requests.join("g", "", "range").toBuilder().sessionTimeoutMs(1).build());
        assertRefused(INVALID_SESSION_TIMEOUT, "", tooShort);
        assertEquals("", tooShort.protocolName(), "null is for version 7 and later");
        assertEquals(
                List.of(),
                client.host().shard().list(ListGroupsRequest.builder().build()));
    }

    @Test
    void anIdThatWasPromisedIsNotForStaticMembers() {
        String id = client.join(9, Requests.join("g", "", "range")).memberId();

        assertRefused(
                UNKNOWN_SERVER_ERROR,
                "",
                client.join(
                        9,
                        Requests.join("g", id, "range").toBuilder()
                                .groupInstanceId("inst")
                                .build()));
        assertRefused(UNKNOWN_MEMBER_ID, "ghost", client.join(9, Requests.join("g", "ghost", "range")));
        assertEquals("Empty", describe("g", 6).groupState());
        assertEquals("", describe("g", 6).protocolType());
    }

    @Test
    void aGroupBetweenJoinAndSync() {
        String id = joined("g");

        DescribedGroup group = describe("g", 6);
        assertEquals("CompletingRebalance", group.groupState());
        assertEquals("", group.protocolData());
        assertEquals(0, group.members().getFirst().memberMetadata().remaining());
        assertEquals(REBALANCE_IN_PROGRESS, client.commit(8, Requests.commit("g", id, 1, "orders", 5)));
        assertEquals(NONE, client.heartbeat(Requests.heartbeat("g", id, 1)));
        JoinGroupResponse again = client.join(9, Requests.join("g", id, "range", "roundrobin"));
        assertEquals(1, again.generationId());
        assertEquals(1, again.members().size());
        assertRefused(
                INCONSISTENT_GROUP_PROTOCOL,
                "",
                client.join(
                        9,
                        Requests.join("g", "", "range").toBuilder()
                                .protocolType("connect")
                                .build()));
        assertRefused(INCONSISTENT_GROUP_PROTOCOL, "", client.join(9, Requests.join("g", "", "zzz")));
    }

    @Test
    void syncIsRefused() {
        String id = joined("g");

        assertEquals(
                INCONSISTENT_GROUP_PROTOCOL,
                error(client.sync(
                        5,
                        Requests.sync("g", id, 1, id).toBuilder()
                                .protocolName("roundrobin")
                                .build())));
        assertEquals(
                INCONSISTENT_GROUP_PROTOCOL,
                error(client.sync(
                        5,
                        Requests.sync("g", id, 1, id).toBuilder()
                                .protocolName(null)
                                .build())));
        assertEquals(ILLEGAL_GENERATION, error(client.sync(5, Requests.sync("g", id, 7, id))));
        assertEquals(UNKNOWN_MEMBER_ID, error(client.sync(5, Requests.sync("g", "ghost", 1, id))));
        assertEquals(UNKNOWN_MEMBER_ID, error(client.sync(5, Requests.sync("nope", "ghost", 1, id))));
    }

    @Test
    void syncGivesTheAssignmentAndAssignmentsOfStrangersAreNothing() {
        String id = joined("g");

        SyncGroupResponse synced = client.sync(5, Requests.sync("g", id, 1, id, "stranger"));
        assertEquals(Requests.sync("g", id, 1, id).assignments().getFirst().assignment(), synced.assignment());
        assertEquals("consumer", synced.protocolType());
        assertEquals("range", synced.protocolName());
        assertEquals(synced, client.sync(5, Requests.sync("g", id, 1)));
    }

    @Test
    void commitsToAStableGroup() {
        String id = stable("g");

        assertEquals(UNKNOWN_MEMBER_ID, client.commit(8, Requests.commit("g", "", -1, "orders", 5)));
        assertEquals(ILLEGAL_GENERATION, client.commit(8, Requests.commit("g", id, 4, "orders", 5)));
        assertEquals(ILLEGAL_GENERATION, client.commit(8, Requests.commit("g", id, -1, "orders", 5)));
        assertEquals(UNKNOWN_MEMBER_ID, client.commit(8, Requests.commit("g", "ghost", 1, "orders", 5)));
        assertEquals(
                UNKNOWN_MEMBER_ID,
                client.commit(
                        8,
                        Requests.commit("g", id, 1, "orders", 5).toBuilder()
                                .groupInstanceId("inst")
                                .build()));
        assertEquals(
                OFFSET_METADATA_TOO_LARGE,
                client.commit(8, Requests.commit("g", id, 1, "orders", 5, "x".repeat(4097))));
        assertEquals(NONE, client.commit(8, Requests.commit("g", id, 1, "orders", 5, "x".repeat(4096))));
        assertEquals(NONE, client.commit(8, Requests.commit("g", id, 1, "orders", 5, null)));
        assertEquals("", fetched("g").getFirst().metadata());
    }

    @Test
    void commitsWithoutAGroup() {
        assertEquals(ILLEGAL_GENERATION, client.commit(8, Requests.commit("nope", "x", 1, "orders", 5)));
        assertEquals(GROUP_ID_NOT_FOUND, client.commit(9, Requests.commit("nope", "x", 1, "orders", 5)));
        assertEquals(NONE, client.commit(9, Requests.commit("simple", "x", -1, "orders", 5)));
        assertEquals(NONE, client.commit(9, Requests.commit("", "", -1, "orders", 5)));
        assertEquals("Empty", describe("simple", 6).groupState());
        assertEquals("", describe("simple", 6).protocolType());
        assertEquals(NONE, client.deleteGroup(""));
    }

    @Test
    void fetchingWhatWasNeverCommitted() {
        OffsetFetchResponsePartitions nothing = OffsetFetchResponsePartitions.builder()
                .partitionIndex(0)
                .committedOffset(-1)
                .committedLeaderEpoch(-1)
                .metadata("")
                .build();
        assertEquals(List.of(nothing), fetched("nope"));
    }

    @Test
    void deletingOffsets() {
        String id = stable("g");
        client.commit(8, Requests.commit("g", id, 1, "orders", 5));

        assertEquals(
                ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC,
                firstPartition(client.deleteOffset(Requests.deleteOffset("g", "orders"))));
        assertEquals(NONE, firstPartition(client.deleteOffset(Requests.deleteOffset("g", "payments"))));
        OffsetDeleteResponse absent = client.deleteOffset(Requests.deleteOffset("nope", "orders"));
        assertEquals(GROUP_ID_NOT_FOUND.code(), absent.errorCode());
        client.leave(5, Requests.leave("g", id, null));
        assertEquals(NONE, firstPartition(client.deleteOffset(Requests.deleteOffset("g", "orders"))));
        assertEquals(-1, fetched("g").getFirst().committedOffset());
    }

    @Test
    void offsetsOfOthersThanConsumersAreDeletedOnlyWhenNobodyIsThere() {
        client.join(
                3,
                Requests.join("connect", "", "range").toBuilder()
                        .protocolType("connect")
                        .build());

        OffsetDeleteResponse refused = client.deleteOffset(Requests.deleteOffset("connect", "orders"));
        assertEquals(NON_EMPTY_GROUP.code(), refused.errorCode());
        assertEquals(List.of(), refused.topics());
    }

    @Test
    void deletingGroups() {
        String id = stable("g");
        client.commit(8, Requests.commit("g", id, 1, "orders", 5));

        assertEquals(NON_EMPTY_GROUP, client.deleteGroup("g"));
        assertEquals(GROUP_ID_NOT_FOUND, client.deleteGroup("nope"));
        client.leave(5, Requests.leave("g", id, null));
        assertEquals(NONE, client.deleteGroup("g"));
        assertEquals(GROUP_ID_NOT_FOUND, client.deleteGroup("g"));
        assertEquals(-1, fetched("g").getFirst().committedOffset());
    }

    @Test
    void describingAnAbsentGroup() {
        DescribedGroup old = describe("nope", 5);
        assertEquals("Dead", old.groupState());
        assertEquals(NONE.code(), old.errorCode());
        assertNull(old.errorMessage());
        DescribedGroup now = describe("nope", 6);
        assertEquals("Dead", now.groupState());
        assertEquals(GROUP_ID_NOT_FOUND.code(), now.errorCode());
        assertEquals("Group nope not found.", now.errorMessage());
    }

    @Test
    void listingWithFilters() {
        stable("g");
        client.commit(9, Requests.commit("simple", "", -1, "orders", 5));

        assertEquals(List.of("g", "simple"), listed(ListGroupsRequest.builder().build()));
        assertEquals(
                List.of("g"),
                listed(ListGroupsRequest.builder()
                        .statesFilter(List.of("stable"))
                        .build()));
        assertEquals(
                List.of(),
                listed(ListGroupsRequest.builder()
                        .statesFilter(List.of("bogus"))
                        .build()));
        assertEquals(
                List.of("g", "simple"),
                listed(ListGroupsRequest.builder()
                        .typesFilter(List.of("CLASSIC"))
                        .build()));
        assertEquals(
                List.of(),
                listed(ListGroupsRequest.builder().typesFilter(List.of("bogus")).build()));
    }

    @Test
    void heartbeats() {
        String id = stable("g");

        assertEquals(NONE, client.heartbeat(Requests.heartbeat("g", id, 1)));
        assertEquals(UNKNOWN_MEMBER_ID, client.heartbeat(Requests.heartbeat("g", "ghost", 1)));
        assertEquals(ILLEGAL_GENERATION, client.heartbeat(Requests.heartbeat("g", id, 2)));
        assertEquals(UNKNOWN_MEMBER_ID, client.heartbeat(Requests.heartbeat("nope", id, 1)));
        assertEquals(INVALID_GROUP_ID, client.heartbeat(Requests.heartbeat("", id, 1)));
        assertEquals(
                UNKNOWN_MEMBER_ID,
                client.heartbeat(Requests.heartbeat("g", id, 1).toBuilder()
                        .groupInstanceId("zz")
                        .build()));
    }

    @Test
    void leaving() {
        String id = stable("g");

        assertLeft(UNKNOWN_MEMBER_ID, client.leave(5, Requests.leave("g", "ghost", null)));
        assertLeft(UNKNOWN_MEMBER_ID, client.leave(5, Requests.leave("g", "", "zz")));
        assertLeft(UNKNOWN_MEMBER_ID, client.leave(5, Requests.leave("nope", "ghost", null)));
        assertEquals(
                List.of(),
                client.leave(5, LeaveGroupRequest.builder().groupId("g").build())
                        .members());
        assertEquals(
                INVALID_GROUP_ID.code(),
                client.leave(5, Requests.leave("", id, null)).errorCode());
        LeaveGroupResponse old = client.leave(
                2, LeaveGroupRequest.builder().groupId("g").memberId("ghost").build());
        assertEquals(UNKNOWN_MEMBER_ID.code(), old.errorCode());
        assertEquals(List.of(), old.members());
        assertLeft(NONE, client.leave(5, Requests.leave("g", id, null)));
    }

    @Test
    void aGroupThatEverybodyLeft() {
        String id = stable("g");
        client.leave(5, Requests.leave("g", id, null));

        assertEquals("Empty", describe("g", 6).groupState());
        assertEquals("consumer", describe("g", 6).protocolType());
        assertEquals(UNKNOWN_MEMBER_ID, client.heartbeat(Requests.heartbeat("g", id, 2)));
        assertRefused(UNKNOWN_MEMBER_ID, id, client.join(9, Requests.join("g", id, "range")));
        assertEquals(UNKNOWN_MEMBER_ID, error(client.sync(5, Requests.sync("g", id, 2, id))));
        assertEquals(UNKNOWN_MEMBER_ID, client.commit(8, Requests.commit("g", id, 2, "orders", 5)));
        assertEquals(NONE, client.commit(8, Requests.commit("g", id, -1, "orders", 5)));
    }

    @Test
    void aRestartedStaticLeaderNeedNotAssignEvenIfItWantsOtherTopics() {
        JoinGroupResponse first = client.join(
                9,
                Requests.join("g", "", "range").toBuilder()
                        .groupInstanceId("i1")
                        .build());
        client.sync(5, Requests.sync("g", first.memberId(), 1, first.memberId()));

        JoinGroupResponse second = client.join(
                9,
                Requests.join("g", "", "range").toBuilder()
                        .groupInstanceId("i1")
                        .protocols(List.of(new JoinGroupRequestProtocol("range", Requests.subscription("payments"))))
                        .build());

        assertEquals(1, second.generationId());
        assertTrue(second.skipAssignment());
        assertEquals(second.memberId(), second.leader());
        assertEquals(
                Requests.subscription("payments"), second.members().getFirst().metadata());
        assertRefused(
                FENCED_INSTANCE_ID,
                first.memberId(),
                client.join(
                        9,
                        Requests.join("g", first.memberId(), "range").toBuilder()
                                .groupInstanceId("i1")
                                .build()));
    }

    private String joined(String group) {
        JoinGroupResponse promised = client.join(9, Requests.join(group, "", "range", "roundrobin"));
        assertRefused(MEMBER_ID_REQUIRED, promised.memberId(), promised);
        assertTrue(promised.memberId().startsWith("probe-"));
        JoinGroupResponse joined = client.join(9, Requests.join(group, promised.memberId(), "range", "roundrobin"));
        assertEquals(NONE.code(), joined.errorCode());
        assertEquals(1, joined.generationId());
        assertEquals("consumer", joined.protocolType());
        assertEquals("range", joined.protocolName());
        assertEquals(joined.memberId(), joined.leader());
        return joined.memberId();
    }

    private String stable(String group) {
        String id = joined(group);
        client.sync(5, Requests.sync(group, id, 1, id));
        return id;
    }

    private DescribedGroup describe(String group, int version) {
        return client.host().shard().describe(group, (short) version);
    }

    private List<OffsetFetchResponsePartitions> fetched(String group) {
        return client.host()
                .shard()
                .offsets(Requests.fetch(group, "orders", 0))
                .topics()
                .getFirst()
                .partitions();
    }

    private List<String> listed(ListGroupsRequest request) {
        return client.host().shard().list(request).stream()
                .map(ListedGroup::groupId)
                .toList();
    }

    private static ErrorCode error(SyncGroupResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    private static ErrorCode firstPartition(OffsetDeleteResponse response) {
        return ErrorCode.of(response.topics().getFirst().partitions().getFirst().errorCode());
    }

    private static void assertRefused(ErrorCode error, String memberId, JoinGroupResponse response) {
        assertEquals(error, ErrorCode.of(response.errorCode()));
        assertEquals(memberId, response.memberId());
        assertEquals(-1, response.generationId());
        assertEquals("", response.leader());
    }

    private static void assertLeft(ErrorCode error, LeaveGroupResponse response) {
        assertEquals(NONE.code(), response.errorCode());
        assertEquals(error, ErrorCode.of(response.members().getFirst().errorCode()));
    }
}
