package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * kafka-clients 2.8, of 2021, in a process of its own: older API versions, without topic ids. The program it runs is {@link
 * io.milena.compatibility.old.RoundTrip} or {@link io.milena.compatibility.old.Transactions}.
 */
class OldClientTest {
    @Test
    void producesAndConsumesInAGroup() {
        String topic = BrokerUnderTest.newTopic(2);
        String output = ExternalProgram.run(ExternalProgram.java(
                        "milena.old.classpath",
                        "io.milena.compatibility.old.RoundTrip",
                        List.of(BrokerUnderTest.address(), topic, BrokerUnderTest.freshName("old-group"), "300")))
                .expectSuccess()
                .output();
        assertTrue(output.contains("kafka-clients-2.8"), output);
        assertEquals("ok", output.lines().reduce((first, last) -> last).orElse(""));
    }

    @Test
    void movesRecordsExactlyOnceAndIsFenced() {
        String input = BrokerUnderTest.newTopic(1);
        String output = BrokerUnderTest.newTopic(2);
        String result = ExternalProgram.run(ExternalProgram.java(
                        "milena.old.classpath",
                        "io.milena.compatibility.old.Transactions",
                        List.of(BrokerUnderTest.address(), input, output, BrokerUnderTest.freshName("old-group"))))
                .expectSuccess()
                .output();
        assertEquals("ok", result.lines().reduce((first, last) -> last).orElse(""));
    }
}
