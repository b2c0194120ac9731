package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A console that may change nothing offers nothing that would. */
@ExtendWith(InBrowser.class)
@OwnBroker(settings = "milena.console.read.only=true")
class ReadOnlyTest {
    private static final String CHANGES = """
            main button:text-matches('^(New topic|Produce|Delete|Edit|Revert|Restore|Reset offsets|Skip one|Add partitions|Abort|Replay)$')\
            """;

    @Test
    void nothingIsOfferedThatWouldChangeSomething(Visit visit, Served served) {
        served.create("looked-at", 2);
        served.create("looked-at.DLT", 1);
        served.write("looked-at", "a", "b");
        served.write("looked-at.DLT", "c");
        served.read("looked-at", "onlookers", 1);
        for (String address : new String[] {
            "/",
            "/topics",
            "/topics/looked-at",
            "/topics/looked-at/messages",
            "/topics/looked-at/settings",
            "/groups/onlookers",
            "/transactions",
            "/dead-letters/looked-at.DLT",
            "/trash"
        }) {
            visit.open(address);
            assertEquals(List.of(), visit.page().locator(CHANGES).allInnerTexts(), address);
        }
        visit.waitFor("read-only");

        visit.tolerate("403");
        assertEquals(
                403,
                visit.page()
                        .evaluate(
                                "fetch('/api/v1/topics', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{\"name\": \"no\"}'}).then(answer => answer.status)"));
    }
}
