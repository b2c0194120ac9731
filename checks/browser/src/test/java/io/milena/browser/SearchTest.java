package io.milena.browser;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every filter of a search, filled in by hand. */
@ExtendWith(InBrowser.class)
class SearchTest {
    private static final String VALUES = "tbody tr td:nth-child(5)";
    private static final String FIRST = "{\"n\": 1}";
    private static final String SECOND = "{\"n\": 22}";

    private record Case(Consumer<Visit> filled, List<String> found) {
        Case(Consumer<Visit> filled, String... found) {
            this(filled, List.of(found));
        }
    }

    private static final List<Case> CASES = List.of(
            new Case(visit -> visit.field("Key").fill("key"), FIRST, SECOND),
            new Case(visit -> choose(visit, "How the key is compared", "is", "Key", "key-1"), FIRST),
            new Case(visit -> choose(visit, "How the key is compared", "matches (regex)", "Key", "2$"), SECOND),
            new Case(visit -> visit.field("Value").fill(": 1"), FIRST),
            new Case(visit -> choose(visit, "How the value is compared", "matches (regex)", "Value", "\\d{2}"), SECOND),
            new Case(visit -> visit.field("Header").fill("colour:red"), FIRST),
            new Case(visit -> visit.field("Header").fill("colour"), FIRST, SECOND),
            new Case(visit -> visit.field("JSON field").fill("$.n=22"), SECOND),
            new Case(visit -> visit.field("From").fill("2022-01-01T00:00:01"), SECOND),
            new Case(visit -> visit.field("To").fill("2022-01-01T00:00:01"), FIRST),
            new Case(
                    visit -> {
                        visit.field("Key").fill("KEY-2");
                        visit.field("Ignore case").check();
                    },
                    SECOND),
            new Case(visit -> {
                visit.field("Key").fill("key-1");
                visit.field("Value").fill("22");
            }));

    @Test
    void everyFilterIsFilledInByHand(Visit visit, Served served) {
        served.create("combed", 1);
        served.write(List.of(
                record(1_600_000_000_000L, "key-1", FIRST, "red"),
                record(1_700_000_000_000L, "key-2", SECOND, "blue")));
        for (Case each : CASES) {
            visit.open("/topics/combed/messages");
            visit.press("Search");
            each.filled.accept(visit);
            search(visit, each);
        }
        visit.waitFor("Nothing found");
    }

    private static void search(Visit visit, Case each) {
        visit.page().locator("main button[type=submit]").click();
        visit.waitFor("Done: " + (each.found.size() == 1 ? "1 hit " : each.found.size() + " hits "));
        visit.waitForAll(VALUES, each.found.toArray(String[]::new));
    }

    private static void choose(Visit visit, String how, String way, String field, String text) {
        visit.named(AriaRole.COMBOBOX, how).selectOption(way);
        visit.field(field).fill(text);
    }

    private static ProducerRecord<byte[], byte[]> record(long timeMs, String key, String value, String colour) {
        return new ProducerRecord<>(
                "combed",
                0,
                timeMs,
                Served.bytes(key),
                Served.bytes(value),
                List.of(new RecordHeader("colour", Served.bytes(colour))));
    }
}
