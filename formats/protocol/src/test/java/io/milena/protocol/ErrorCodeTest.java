package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void hasKafkasNamesAndNumbers() {
        assertEquals(
                Arrays.stream(Errors.values()).map(e -> e.code() + " " + e).toList(),
                Arrays.stream(ErrorCode.values()).map(e -> e.code() + " " + e).toList());
    }

    @Test
    void isRetriableWhereKafkasClientsRetry() {
        for (Errors theirs : Errors.values()) {
            boolean isRetriable = theirs.exception() instanceof RetriableException;
            assertEquals(isRetriable, ErrorCode.of(theirs.code()).isRetriable(), theirs.name());
        }
    }

    @Test
    void everyErrorButNoneSaysSomething() {
        assertNull(ErrorCode.NONE.message());
        for (ErrorCode error : ErrorCode.values()) {
            if (error != ErrorCode.NONE) {
                assertNotNull(error.message(), error.name());
            }
        }
    }

    @Test
    void aNumberOfALaterTimeIsAnUnknownError() {
        assertEquals(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.of(Short.MAX_VALUE));
        assertEquals(ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.of(-2));
    }
}
