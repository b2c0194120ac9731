package io.milena.broker;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.OtherBrokers;
import io.milena.broker.cluster.ApiVersionsHandler;
import io.milena.broker.cluster.BrokerIdentity;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.DescribeClusterHandler;
import io.milena.broker.cluster.DescribeTopicPartitionsHandler;
import io.milena.broker.cluster.Features;
import io.milena.broker.cluster.KnownLeaders;
import io.milena.broker.cluster.Members;
import io.milena.broker.cluster.MetadataHandler;
import io.milena.broker.configs.AlterConfigsHandler;
import io.milena.broker.configs.DescribeConfigsHandler;
import io.milena.broker.configs.IncrementalAlterConfigsHandler;
import io.milena.broker.configs.ListConfigChangesHandler;
import io.milena.broker.configs.ListConfigResourcesHandler;
import io.milena.broker.configs.SettingChanges;
import io.milena.broker.configs.SettingViews;
import io.milena.broker.groups.ConsumerGroupDescribeHandler;
import io.milena.broker.groups.ConsumerGroupHeartbeatHandler;
import io.milena.broker.groups.DeleteGroupsHandler;
import io.milena.broker.groups.DescribeGroupEventsHandler;
import io.milena.broker.groups.DescribeGroupsHandler;
import io.milena.broker.groups.DescribeLagHandler;
import io.milena.broker.groups.FindCoordinatorHandler;
import io.milena.broker.groups.GroupCoordinator;
import io.milena.broker.groups.HeartbeatHandler;
import io.milena.broker.groups.JoinGroupHandler;
import io.milena.broker.groups.LeaveGroupHandler;
import io.milena.broker.groups.ListGroupsHandler;
import io.milena.broker.groups.OffsetCommitHandler;
import io.milena.broker.groups.OffsetDeleteHandler;
import io.milena.broker.groups.OffsetFetchHandler;
import io.milena.broker.groups.SyncGroupHandler;
import io.milena.broker.groups.TxnOffsetCommitHandler;
import io.milena.broker.partitions.AlterReplicaLogDirsHandler;
import io.milena.broker.partitions.DeleteRecordsHandler;
import io.milena.broker.partitions.DescribeLogDirsHandler;
import io.milena.broker.partitions.DescribeProducersHandler;
import io.milena.broker.partitions.FetchHandler;
import io.milena.broker.partitions.FetchSessions;
import io.milena.broker.partitions.LeaderHints;
import io.milena.broker.partitions.ListOffsetsHandler;
import io.milena.broker.partitions.OffsetForLeaderEpochHandler;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.partitions.ProduceHandler;
import io.milena.broker.partitions.ReplicaSelection;
import io.milena.broker.placement.PlacementApis;
import io.milena.broker.quorum.DescribeQuorumHandler;
import io.milena.broker.telemetry.GetTelemetrySubscriptionsHandler;
import io.milena.broker.telemetry.PushTelemetryHandler;
import io.milena.broker.topics.CreatePartitionsHandler;
import io.milena.broker.topics.CreateTopicsHandler;
import io.milena.broker.topics.DeleteTopicsHandler;
import io.milena.broker.topics.TopicCreation;
import io.milena.broker.topics.TrashApis;
import io.milena.broker.transactions.AddOffsetsToTxnHandler;
import io.milena.broker.transactions.AddPartitionsToTxnHandler;
import io.milena.broker.transactions.DescribeTransactionsHandler;
import io.milena.broker.transactions.EndTxnHandler;
import io.milena.broker.transactions.InitProducerIdHandler;
import io.milena.broker.transactions.ListTransactionsHandler;
import io.milena.broker.transactions.MarkerWriter;
import io.milena.broker.transactions.ProducerIds;
import io.milena.broker.transactions.TransactionAdmission;
import io.milena.broker.transactions.TransactionCoordinator;
import io.milena.broker.transactions.WriteTxnMarkersHandler;
import io.milena.log.LogDirectories;
import io.milena.metadata.BrokerChanges;
import io.milena.metadata.Controller;
import io.milena.metadata.ControllerSettings;
import io.milena.metadata.FeatureUpdates;
import io.milena.metadata.LeaderElections;
import io.milena.metadata.Reassignments;
import io.milena.protocol.ApiKey;
import io.milena.protocol.message.*;
import io.milena.runtime.Environment;

/** The table of everything that is served: each API with its versions and the handler that answers it, made from the parts of a broker. */
record Apis(
        BrokerSettings settings,
        BrokerIdentity identity,
        Membership membership,
        ClusterMetadata metadata,
        Controller controller,
        TopicCreation creation,
        Partitions partitions,
        GroupCoordinator groups,
        Transactions transactions,
        LogDirectories directories,
        OtherBrokers others,
        Environment environment) {

    /** The parts that transactions are made of. */
    record Transactions(TransactionCoordinator coordinator, ProducerIds producerIds, MarkerWriter markers) {}

    private Members members() {
        return membership.members(identity);
    }

    ApiCatalog catalog() {
        ApiCatalog catalog = new ApiCatalog();
        addCluster(catalog);
        addPartitions(catalog);
        addTopicsAndSettings(catalog);
        addGroups(catalog);
        addTransactions(catalog);
        placement().addTo(catalog);
        new TrashApis(metadata, controller, directories.deletedTopics(), others, environment.clock()).addTo(catalog);
        return catalog;
    }

    private void addCluster(ApiCatalog catalog) {
        boolean mayCreate = settings.isOn("auto.create.topics.enable");
        catalog.add(
                        ApiKey.API_VERSIONS,
                        0,
                        5,
                        ApiVersionsRequest.class,
                        new ApiVersionsHandler(catalog, identity, metadata))
                .add(
                        ApiKey.METADATA,
                        0,
                        13,
                        MetadataRequest.class,
                        new MetadataHandler(metadata, identity.clusterId(), members(), creation, partitions, mayCreate))
                .add(
                        ApiKey.DESCRIBE_CLUSTER,
                        0,
                        2,
                        DescribeClusterRequest.class,
                        new DescribeClusterHandler(
                                identity.clusterId(),
                                members(),
                                settings.quorum().ends()))
                .add(
                        ApiKey.DESCRIBE_QUORUM,
                        0,
                        2,
                        DescribeQuorumRequest.class,
                        new DescribeQuorumHandler(metadata.log(), members()))
                .add(
                        ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                        0,
                        0,
                        DescribeTopicPartitionsRequest.class,
                        new DescribeTopicPartitionsHandler(metadata, partitions))
                .add(
                        ApiKey.GET_TELEMETRY_SUBSCRIPTIONS,
                        0,
                        0,
                        GetTelemetrySubscriptionsRequest.class,
                        new GetTelemetrySubscriptionsHandler(environment.random()))
                .add(ApiKey.PUSH_TELEMETRY, 0, 0, PushTelemetryRequest.class, new PushTelemetryHandler());
    }

    private PlacementApis placement() {
        ControllerSettings of = settings.controller();
        return new PlacementApis(
                metadata,
                settings.voters().isEmpty() ? Reassignments.ofOneBroker(of) : new Reassignments(of),
                new LeaderElections(of),
                new BrokerChanges(of),
                new FeatureUpdates(of, Features.levels()));
    }

    private ReplicaSelection selection() {
        return ClusterSettingCatalog.RACK_AWARE.equals(settings.effective("replica.selector.class"))
                ? ReplicaSelection.byRack(membership.replicas().brokers())
                : ReplicaSelection.LEADER;
    }

    private void addPartitions(ApiCatalog catalog) {
        LeaderHints hints = new LeaderHints(new KnownLeaders(metadata, members()));
        FetchSessions sessions =
                new FetchSessions(settings.integer("max.incremental.fetch.session.cache.slots"), environment.random());
        catalog.addProduce(
                        3,
                        13,
                        ProduceRequest.class,
                        new ProduceHandler(
                                partitions,
                                new TransactionAdmission(transactions.coordinator),
                                environment.clock(),
                                hints))
                .add(
                        ApiKey.FETCH,
                        4,
                        18,
                        FetchRequest.class,
                        new FetchHandler(
                                partitions,
                                sessions,
                                environment.clock(),
                                settings.integer("fetch.max.bytes"),
                                selection(),
                                hints))
                .add(
                        ApiKey.LIST_OFFSETS,
                        1,
                        11,
                        ListOffsetsRequest.class,
                        new ListOffsetsHandler(partitions, environment.clock()))
                .add(
                        ApiKey.OFFSET_FOR_LEADER_EPOCH,
                        2,
                        4,
                        OffsetForLeaderEpochRequest.class,
                        new OffsetForLeaderEpochHandler(partitions))
                .add(
                        ApiKey.DELETE_RECORDS,
                        0,
                        2,
                        DeleteRecordsRequest.class,
                        new DeleteRecordsHandler(partitions, directories))
                .add(
                        ApiKey.DESCRIBE_PRODUCERS,
                        0,
                        0,
                        DescribeProducersRequest.class,
                        new DescribeProducersHandler(partitions))
                .add(
                        ApiKey.DESCRIBE_LOG_DIRS,
                        1,
                        5,
                        DescribeLogDirsRequest.class,
                        new DescribeLogDirsHandler(directories))
                .add(
                        ApiKey.ALTER_REPLICA_LOG_DIRS,
                        1,
                        2,
                        AlterReplicaLogDirsRequest.class,
                        new AlterReplicaLogDirsHandler(directories, metadata::place));
    }

    private void addTopicsAndSettings(ApiCatalog catalog) {
        SettingViews views = new SettingViews(settings);
        SettingChanges changes = new SettingChanges(metadata, controller, identity.nodeId());
        catalog.add(
                        ApiKey.CREATE_TOPICS,
                        2,
                        7,
                        CreateTopicsRequest.class,
                        new CreateTopicsHandler(creation, metadata, views))
                .add(
                        ApiKey.DELETE_TOPICS,
                        1,
                        6,
                        DeleteTopicsRequest.class,
                        new DeleteTopicsHandler(metadata, controller))
                .add(
                        ApiKey.CREATE_PARTITIONS,
                        0,
                        3,
                        CreatePartitionsRequest.class,
                        new CreatePartitionsHandler(metadata, controller))
                .add(
                        ApiKey.DESCRIBE_CONFIGS,
                        1,
                        4,
                        DescribeConfigsRequest.class,
                        new DescribeConfigsHandler(metadata, views, identity.nodeId()))
                .add(
                        ApiKey.LIST_CONFIG_CHANGES,
                        0,
                        0,
                        ListConfigChangesRequest.class,
                        new ListConfigChangesHandler(metadata.settingHistory()))
                .add(ApiKey.ALTER_CONFIGS, 0, 2, AlterConfigsRequest.class, new AlterConfigsHandler(changes))
                .add(
                        ApiKey.INCREMENTAL_ALTER_CONFIGS,
                        0,
                        1,
                        IncrementalAlterConfigsRequest.class,
                        new IncrementalAlterConfigsHandler(changes))
                .add(
                        ApiKey.LIST_CONFIG_RESOURCES,
                        0,
                        1,
                        ListConfigResourcesRequest.class,
                        new ListConfigResourcesHandler(metadata, identity.nodeId()));
    }

    private void addGroups(ApiCatalog catalog) {
        catalog.add(
                        ApiKey.FIND_COORDINATOR,
                        0,
                        6,
                        FindCoordinatorRequest.class,
                        new FindCoordinatorHandler(groups, transactions.coordinator, members()))
                .add(
                        ApiKey.JOIN_GROUP,
                        0,
                        9,
                        JoinGroupRequest.class,
                        new JoinGroupHandler(groups, environment.random()))
                .add(ApiKey.SYNC_GROUP, 0, 5, SyncGroupRequest.class, new SyncGroupHandler(groups))
                .add(ApiKey.HEARTBEAT, 0, 4, HeartbeatRequest.class, new HeartbeatHandler(groups))
                .add(ApiKey.LEAVE_GROUP, 0, 5, LeaveGroupRequest.class, new LeaveGroupHandler(groups))
                .add(ApiKey.OFFSET_COMMIT, 2, 10, OffsetCommitRequest.class, new OffsetCommitHandler(groups, metadata))
                .add(ApiKey.OFFSET_FETCH, 1, 10, OffsetFetchRequest.class, new OffsetFetchHandler(groups, metadata))
                .add(ApiKey.OFFSET_DELETE, 0, 0, OffsetDeleteRequest.class, new OffsetDeleteHandler(groups))
                .add(
                        ApiKey.CONSUMER_GROUP_HEARTBEAT,
                        0,
                        1,
                        ConsumerGroupHeartbeatRequest.class,
                        new ConsumerGroupHeartbeatHandler(groups, environment.random()))
                .add(
                        ApiKey.CONSUMER_GROUP_DESCRIBE,
                        0,
                        1,
                        ConsumerGroupDescribeRequest.class,
                        new ConsumerGroupDescribeHandler(groups))
                .add(ApiKey.LIST_GROUPS, 0, 5, ListGroupsRequest.class, new ListGroupsHandler(groups))
                .add(ApiKey.DESCRIBE_GROUPS, 0, 6, DescribeGroupsRequest.class, new DescribeGroupsHandler(groups))
                .add(
                        ApiKey.DESCRIBE_GROUP_EVENTS,
                        0,
                        0,
                        DescribeGroupEventsRequest.class,
                        new DescribeGroupEventsHandler(groups))
                .add(
                        ApiKey.DESCRIBE_LAG,
                        0,
                        0,
                        DescribeLagRequest.class,
                        new DescribeLagHandler(partitions, environment.clock()))
                .add(ApiKey.DELETE_GROUPS, 0, 3, DeleteGroupsRequest.class, new DeleteGroupsHandler(groups));
    }

    private void addTransactions(ApiCatalog catalog) {
        TransactionCoordinator coordinator = transactions.coordinator;
        catalog.add(
                        ApiKey.INIT_PRODUCER_ID,
                        0,
                        5,
                        InitProducerIdRequest.class,
                        new InitProducerIdHandler(coordinator, transactions.producerIds))
                .add(
                        ApiKey.ADD_PARTITIONS_TO_TXN,
                        0,
                        5,
                        AddPartitionsToTxnRequest.class,
                        new AddPartitionsToTxnHandler(coordinator, partitions))
                .add(
                        ApiKey.ADD_OFFSETS_TO_TXN,
                        0,
                        4,
                        AddOffsetsToTxnRequest.class,
                        new AddOffsetsToTxnHandler(coordinator, groups))
                .add(ApiKey.END_TXN, 0, 5, EndTxnRequest.class, new EndTxnHandler(coordinator))
                .add(
                        ApiKey.TXN_OFFSET_COMMIT,
                        0,
                        6,
                        TxnOffsetCommitRequest.class,
                        new TxnOffsetCommitHandler(groups, metadata, new TransactionAdmission(coordinator)))
                .add(
                        ApiKey.WRITE_TXN_MARKERS,
                        1,
                        2,
                        WriteTxnMarkersRequest.class,
                        new WriteTxnMarkersHandler(transactions.markers))
                .add(
                        ApiKey.DESCRIBE_TRANSACTIONS,
                        0,
                        0,
                        DescribeTransactionsRequest.class,
                        new DescribeTransactionsHandler(coordinator))
                .add(
                        ApiKey.LIST_TRANSACTIONS,
                        0,
                        2,
                        ListTransactionsRequest.class,
                        new ListTransactionsHandler(coordinator));
    }
}
