package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks for a topic that does not exist gets one, unless the client or the broker says otherwise. */
class TopicsOnFirstUseTest {
    @TempDir
    private Path data;

    private static ErrorCode ask(RunningBroker broker, String topic, boolean mayCreate) throws IOException {
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of(MetadataRequest.MetadataRequestTopic.builder()
                        .name(topic)
                        .build()))
                .allowAutoTopicCreation(mayCreate)
                .build();
        MetadataResponse response = broker.ask(request, 12, MetadataResponse.class);
        return ErrorCode.of(response.topics().getFirst().errorCode());
    }

    @Test
    void aTopicIsThereAfterItWasAskedFor() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data, Map.of("num.partitions", "3"))) {
            ErrorCode first = ask(broker, "orders", true);
            assertEquals(true, first == ErrorCode.NONE || first == ErrorCode.LEADER_NOT_AVAILABLE);
            assertEquals(ErrorCode.NONE, ask(broker, "orders", false));
        }
    }

    @Test
    void aClientMayAskWithoutCreating() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ask(broker, "orders", false));
            assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ask(broker, "orders", false));
        }
    }

    @Test
    void nothingIsCreatedWhereThatIsSwitchedOff() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data, Map.of("auto.create.topics.enable", "false"))) {
            assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ask(broker, "orders", true));
            assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ask(broker, "orders", false));
        }
    }

    @Test
    void aNameThatIsNotAllowedIsRefused() throws IOException {
        try (RunningBroker broker = RunningBroker.start(data)) {
            assertEquals(ErrorCode.INVALID_TOPIC_EXCEPTION, ask(broker, "no spaces", true));
        }
    }
}
