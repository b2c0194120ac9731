package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** kafkajs: a client in JavaScript that shares no code with the others. */
class KafkaJsTest {
    @Test
    void producesAndConsumesInAGroup() {
        String output = ExternalProgram.run(List.of(
                        "node",
                        Path.of("kafkajs", "round-trip.js").toAbsolutePath().toString(),
                        BrokerUnderTest.address(),
                        BrokerUnderTest.freshName("kafkajs"),
                        BrokerUnderTest.freshName("kafkajs-group"),
                        "500"))
                .expectSuccess()
                .output();
        assertEquals("ok", output.strip());
    }
}
