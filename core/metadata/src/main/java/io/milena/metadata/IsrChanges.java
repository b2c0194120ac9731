package io.milena.metadata;

import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.AlterPartitionRequest;
import io.milena.protocol.message.AlterPartitionRequest.BrokerState;
import io.milena.protocol.message.AlterPartitionResponse;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * AlterPartition: a leader says who is in sync with it (KIP-497), or that it has recovered from an unclean election (KIP-704). Whoever is not the leader, or does not
 * know the partition as it is, is refused; so are replicas whose broker is fenced, going, or another one than the leader thinks (KIP-841, KIP-903), and those in a directory that does not work. A change that
 * completes a reassignment may take the leadership away: the leader then hears NEW_LEADER_ELECTED.
 */
public final class IsrChanges {
    /** From here on a request names the epochs of the brokers. */
    private static final short WITH_BROKER_EPOCHS = 3;

    private final ControllerSettings settings;

    public IsrChanges(ControllerSettings settings) {
        this.settings = settings;
    }

    public Outcome<AlterPartitionResponse> alter(ClusterImage image, AlterPartitionRequest request, short version) {
        RegisterBrokerRecord broker = image.broker(request.brokerId());
        if (broker == null || broker.brokerEpoch() != request.brokerEpoch()) {
            return Outcome.of(AlterPartitionResponse.builder()
                    .errorCode(ErrorCode.STALE_BROKER_EPOCH.code())
                    .build());
        }
        PartitionChanges changes = new PartitionChanges(image, settings);
        List<Message> records = new ArrayList<>();
        Set<PartitionRecord> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<AlterPartitionResponse.TopicData> topics = new ArrayList<>();
        for (AlterPartitionRequest.TopicData topic : request.topics()) {
            List<AlterPartitionResponse.PartitionData> partitions = new ArrayList<>();
            for (AlterPartitionRequest.PartitionData wanted : topic.partitions()) {
                PartitionRecord partition = image.partition(topic.topicId(), wanted.partitionIndex());
                boolean isTwice = partition != null && !seen.add(partition);
                partitions.add(
                        isTwice // the second change would not know of the first
                                ? refused(wanted.partitionIndex(), ErrorCode.INVALID_REQUEST)
                                : alter(
                                        image,
                                        changes,
                                        topic,
                                        Wanted.of(request.brokerId(), wanted, version),
                                        records));
            }
            topics.add(new AlterPartitionResponse.TopicData(topic.topicId(), partitions));
        }
        return new Outcome<>(
                records, AlterPartitionResponse.builder().topics(topics).build());
    }

    /** What a leader wants of one partition, in the form of all versions. */
    private record Wanted(int leader, AlterPartitionRequest.PartitionData data, List<Integer> isr, List<Long> epochs) {
        private static final long ANY_EPOCH = -1;

        static Wanted of(int leader, AlterPartitionRequest.PartitionData data, short version) {
            if (version < WITH_BROKER_EPOCHS) {
                return new Wanted(
                        leader,
                        data,
                        Ids.of(data.newIsr()),
                        data.newIsr().stream().map(id -> ANY_EPOCH).toList());
            }
            List<BrokerState> members = data.newIsrWithEpochs();
            return new Wanted(
                    leader,
                    data,
                    Ids.of(members.stream().map(BrokerState::brokerId).toList()),
                    members.stream().map(BrokerState::brokerEpoch).toList());
        }
    }

    private static AlterPartitionResponse.PartitionData alter(
            ClusterImage image,
            PartitionChanges changes,
            AlterPartitionRequest.TopicData topic,
            Wanted wanted,
            List<Message> records) {
        int index = wanted.data.partitionIndex();
        Topic known = image.topic(topic.topicId());
        if (known == null) {
            return refused(index, ErrorCode.UNKNOWN_TOPIC_ID);
        }
        PartitionRecord partition = image.partition(topic.topicId(), index);
        if (partition == null) {
            return refused(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        ErrorCode fault = fault(image, changes, partition, wanted);
        if (fault != ErrorCode.NONE) {
            return refused(index, fault);
        }
        PartitionChangeRecord change = changes.of(partition)
                .isr(wanted.isr)
                .recoveryState(wanted.data.leaderRecoveryState())
                .record();
        PartitionChanges.add(change, records);
        PartitionRecord after = change == null ? partition : PartitionChange.applied(change, partition);
        if (after.leader() != wanted.leader) {
            return refused(index, ErrorCode.NEW_LEADER_ELECTED);
        }
        return AlterPartitionResponse.PartitionData.builder()
                .partitionIndex(index)
                .leaderId(after.leader())
                .leaderEpoch(after.leaderEpoch())
                .isr(after.isr())
                .leaderRecoveryState(after.leaderRecoveryState())
                .partitionEpoch(after.partitionEpoch())
                .build();
    }

    private static AlterPartitionResponse.PartitionData refused(int index, ErrorCode error) {
        return AlterPartitionResponse.PartitionData.builder()
                .partitionIndex(index)
                .errorCode(error.code())
                .build();
    }

    private static ErrorCode fault(
            ClusterImage image, PartitionChanges changes, PartitionRecord partition, Wanted wanted) {
        AlterPartitionRequest.PartitionData data = wanted.data;
        if (data.leaderEpoch() > partition.leaderEpoch() || data.partitionEpoch() > partition.partitionEpoch()) {
            return ErrorCode.NOT_CONTROLLER; // whoever said so is a later controller than this one
        }
        if (data.leaderEpoch() < partition.leaderEpoch()) {
            return ErrorCode.FENCED_LEADER_EPOCH;
        }
        if (wanted.leader != partition.leader()) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (data.partitionEpoch() < partition.partitionEpoch()) {
            return ErrorCode.INVALID_UPDATE_VERSION;
        }
        if (!isIsrOf(partition, wanted) || !isPossibleRecovery(partition, wanted)) {
            return ErrorCode.INVALID_REQUEST;
        }
        for (int i = 0; i < wanted.isr.size(); i++) {
            RegisterBrokerRecord member = image.broker(wanted.isr.get(i));
            long epoch = wanted.epochs.get(i);
            if (member == null
                    || !changes.mayLead(partition, member.brokerId())
                    || (epoch != Wanted.ANY_EPOCH && epoch != member.brokerEpoch())) {
                return ErrorCode.INELIGIBLE_REPLICA;
            }
        }
        return ErrorCode.NONE;
    }

    private static boolean isIsrOf(PartitionRecord partition, Wanted wanted) {
        return wanted.isr.contains(wanted.leader)
                && partition.replicas().containsAll(wanted.isr)
                && new HashSet<>(wanted.isr).size() == wanted.isr.size();
    }

    /** Who recovers has nobody in sync; who has recovered does not begin again by itself. */
    private static boolean isPossibleRecovery(PartitionRecord partition, Wanted wanted) {
        byte state = wanted.data.leaderRecoveryState();
        if (state != PartitionChange.RECOVERED && state != PartitionChange.RECOVERING) {
            return false;
        }
        return state == PartitionChange.RECOVERED
                || (wanted.isr.size() == 1 && partition.leaderRecoveryState() == PartitionChange.RECOVERING);
    }
}
