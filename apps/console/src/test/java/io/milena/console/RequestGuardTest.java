package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest {
    private final RequestGuard local = new RequestGuard(true);
    private final RequestGuard open = new RequestGuard(false);

    private static Optional<Integer> status(RequestGuard guard, String method, String host) {
        return guard.check(method, host).map(RequestGuard.Refusal::status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "LOCALHOST:1",
                "127.0.0.1",
                "127.0.0.1:80",
                "127.1.2.3",
                "[::1]",
                "[::1]:8080"
            })
    void thisMachineAnswersToItsOwnNames(String host) {
        assertEquals(Optional.empty(), status(local, "GET", host));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "192.168.0.1",
                "[2001:db8::1]:8080",
                "localhost@evil.example",
                "::1",
                "[::1",
                ":8080"
            })
    void aNameThatSomebodyElseGivesOutIsRefused(String host) {
        assertEquals(Optional.of(403), status(local, "GET", host));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"broker.internal:8080", "192.168.0.1"})
    void aListenerForOthersAnswersToAnyName(String host) {
        assertEquals(Optional.empty(), status(open, "GET", host));
    }

    @Test
    void nothingIsChanged() {
        assertEquals(Optional.empty(), status(local, "HEAD", "localhost"));
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get"}) {
            assertEquals(Optional.of(405), status(local, method, "localhost"), method);
            assertEquals(Optional.of(405), status(open, method, "localhost"), method);
        }
    }
}
