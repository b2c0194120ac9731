package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.protocol.Message;
import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.ClearElrRecord;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RegisterControllerRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.protocol.record.UnregisterBrokerRecord;
import io.milena.protocol.record.UnregisterControllerRecord;

/** The next image in the making, while records are replayed. */
final class ImageChange {
    private final TopicTableChange topics;
    private SortedTree<Resource, SortedTree<String, String>> settings;
    private SortedTree<Integer, RegisterBrokerRecord> brokers;
    private SortedTree<Integer, RegisterControllerRecord> controllers;
    private SortedTree<String, Short> features;
    private long nextProducerId;

    ImageChange(
            TopicTable topics,
            SortedTree<Resource, SortedTree<String, String>> settings,
            SortedTree<Integer, RegisterBrokerRecord> brokers,
            SortedTree<Integer, RegisterControllerRecord> controllers,
            SortedTree<String, Short> features,
            long nextProducerId) {
        this.topics = new TopicTableChange(topics);
        this.settings = settings;
        this.brokers = brokers;
        this.controllers = controllers;
        this.features = features;
        this.nextProducerId = nextProducerId;
    }

    ClusterImage image() {
        return new ClusterImage(topics.table(), settings, brokers, controllers, features, nextProducerId);
    }

    void replay(Message message) {
        switch (RecordKind.of(message)) {
            case TOPIC -> topics.addTopic((TopicRecord) message);
            case PARTITION -> topics.addPartition((PartitionRecord) message, brokers);
            case PARTITION_CHANGE -> topics.changePartition((PartitionChangeRecord) message, brokers);
            case REMOVE_TOPIC -> removeTopic((RemoveTopicRecord) message);
            case CLEAR_ELR -> topics.clearEligibleLeaders(((ClearElrRecord) message).topicName());
            case CONFIG -> configure((ConfigRecord) message);
            case REGISTER_BROKER -> register((RegisterBrokerRecord) message);
            case UNREGISTER_BROKER -> brokers = brokers.without(((UnregisterBrokerRecord) message).brokerId());
            case BROKER_REGISTRATION_CHANGE -> changeBroker((BrokerRegistrationChangeRecord) message);
            case REGISTER_CONTROLLER -> register((RegisterControllerRecord) message);
            case UNREGISTER_CONTROLLER ->
                controllers = controllers.without(((UnregisterControllerRecord) message).controllerId());
            case FEATURE_LEVEL -> finalizeFeature((FeatureLevelRecord) message);
            case PRODUCER_IDS -> nextProducerId = ((ProducerIdsRecord) message).nextProducerId();
            case NO_OP -> {}
            case BEGIN_TRANSACTION, END_TRANSACTION, ABORT_TRANSACTION ->
                throw new IllegalStateException("a decision in several appends is put together before it is replayed");
        }
    }

    private void register(RegisterBrokerRecord broker) {
        brokers = brokers.with(broker.brokerId(), broker);
    }

    private void register(RegisterControllerRecord controller) {
        controllers = controllers.with(controller.controllerId(), controller);
    }

    private void removeTopic(RemoveTopicRecord removal) {
        String name = topics.removeTopic(removal.topicId());
        settings = settings.without(Resource.topic(name));
    }

    private void configure(ConfigRecord config) {
        Resource resource = new Resource(config.resourceType(), config.resourceName());
        SortedTree<String, String> values = settings.find(resource);
        SortedTree<String, String> old = values == null ? SortedTree.empty() : values;
        String value = config.value();
        SortedTree<String, String> changed =
                value == null ? old.without(config.name()) : old.with(config.name(), value);
        settings = changed.isEmpty() ? settings.without(resource) : settings.with(resource, changed);
    }

    private void changeBroker(BrokerRegistrationChangeRecord change) {
        RegisterBrokerRecord old = brokers.find(change.brokerId());
        if (old == null || old.brokerEpoch() != change.brokerEpoch()) {
            throw new IllegalStateException("a change of an unknown registration: " + change);
        }
        RegisterBrokerRecord.Builder changed = old.toBuilder()
                .fenced(change.fenced() == 0 ? old.fenced() : change.fenced() > 0)
                .inControlledShutdown(old.inControlledShutdown() || change.inControlledShutdown() > 0);
        if (!change.logDirs().isEmpty()) {
            changed.logDirs(change.logDirs());
        }
        brokers = brokers.with(change.brokerId(), changed.build());
    }

    private void finalizeFeature(FeatureLevelRecord feature) {
        features = feature.featureLevel() == 0
                ? features.without(feature.name())
                : features.with(feature.name(), feature.featureLevel());
    }
}
