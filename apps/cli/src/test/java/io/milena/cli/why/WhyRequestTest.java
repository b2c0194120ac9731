package io.milena.cli.why;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WhyRequestTest {
    private static Refusal refusal(String error, String subject, int partition, long count) {
        return new Refusal("app (/127.0.0.1)", "Produce", error, subject, partition, "", count, 2500);
    }

    private static Answer why(Refusal... refusals) {
        return new WhyRequest(List.of(refusals)).answer();
    }

    @Test
    void noneWasDenied() {
        assertTrue(why().conclusion().startsWith("none was denied"));
    }

    @Test
    void theLastOneIsExplained() {
        Answer answer = why(
                refusal("UNKNOWN_TOPIC_OR_PARTITION", "payments", -1, 1),
                refusal("NOT_ENOUGH_REPLICAS", "orders", 2, 7));
        assertEquals(
                List.of(
                        "2 s ago Produce of app (/127.0.0.1) to payments: UNKNOWN_TOPIC_OR_PARTITION",
                        "2 s ago Produce of app (/127.0.0.1) to orders-2: NOT_ENOUGH_REPLICAS, 7 times"),
                answer.findings());
        assertEquals(
                "the last was denied because fewer replicas are in sync than min.insync.replicas asks for",
                answer.conclusion());
        assertEquals(List.of("milena why partition orders 2"), answer.advice());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorIsExplained(ErrorCode error) {
        String conclusion = why(refusal(error.name(), "", -1, 1)).conclusion();
        assertTrue(conclusion.startsWith("the last was denied because "), conclusion);
        assertFalse(conclusion.endsWith("because "), conclusion);
    }

    @Test
    void anErrorOfANewerBrokerIsNamed() {
        assertTrue(why(refusal("TOO_BLUE", "", -1, 1)).conclusion().contains("TOO_BLUE"));
    }
}
