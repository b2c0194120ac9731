package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest {
    private final RequestGuard local = new RequestGuard(true, Set.of(), false);
    private final RequestGuard open = new RequestGuard(false, Set.of(), false);

    private static Optional<Integer> status(RequestGuard guard, String method, String host) {
        return status(guard, new RequestGuard.Caller(method, host, null, null, "application/json"));
    }

    private static Optional<Integer> status(RequestGuard guard, RequestGuard.Caller caller) {
        return guard.check(caller).map(RequestGuard.Refusal::status);
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
    void aListenerWithNamesAnswersToTheseAndToLocalhost() {
        RequestGuard named = new RequestGuard(false, Set.of("broker1", "10.0.0.7"), false);
        for (String host : List.of("broker1", "BROKER1:8080", "10.0.0.7:8080", "localhost:8080")) {
            assertEquals(Optional.empty(), status(named, "POST", host), host);
        }
        for (String host : List.of("broker2", "evil.example", "10.0.0.8")) {
            assertEquals(Optional.of(403), status(named, "GET", host), host);
        }
        assertEquals(Optional.empty(), status(new RequestGuard(false, Set.of("*"), false), "GET", "any.example"));
    }

    @Test
    void otherMethodsAreNotKnown() {
        for (String method : List.of("PUT", "OPTIONS", "TRACE", "CONNECT", "get", "")) {
            assertEquals(Optional.of(405), status(local, method, "localhost"), method);
        }
        for (String method : List.of("GET", "HEAD", "POST", "PATCH", "DELETE")) {
            assertEquals(Optional.empty(), status(local, method, "localhost"), method);
        }
    }

    @Test
    void whoOnlyReadsChangesNothing() {
        RequestGuard reading = new RequestGuard(true, Set.of(), true);
        assertEquals(Optional.empty(), status(reading, "GET", "localhost"));
        for (String method : List.of("POST", "PATCH", "DELETE")) {
            assertEquals(Optional.of(403), status(reading, method, "localhost"), method);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, same-origin,",
        "http://LOCALHOST:8080, ,",
        "          , none,",
        "          , ,",
        "http://evil.example, ,             403",
        "http://localhost:3000, same-site,  403",
        "http://localhost:3000, ,           403",
        "https://localhost:8080, ,          403",
        "null, ,                            403",
        "          , cross-site,            403",
        "          , same-site,             403"
    })
    void aPageOfAnotherOriginChangesNothing(String origin, String site, Integer status) {
        RequestGuard.Caller caller = new RequestGuard.Caller("DELETE", "localhost:8080", origin, site, null);
        assertEquals(Optional.ofNullable(status), status(local, caller));
    }

    @ParameterizedTest
    @CsvSource({
        "application/json,",
        "application/JSON; charset=utf-8,",
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "multipart/form-data, 415",
        "application/jsonp, 415",
        ", 415"
    })
    void whatAFormCanSendIsNotTaken(String contentType, Integer status) {
        RequestGuard.Caller caller = new RequestGuard.Caller("POST", "localhost", null, null, contentType);
        assertEquals(Optional.ofNullable(status), status(local, caller));
    }
}
