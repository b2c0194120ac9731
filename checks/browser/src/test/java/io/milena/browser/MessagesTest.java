package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InBrowser.class)
class MessagesTest {
    private static final double PATIENCE_MS = 120_000;

    @Test
    void newestComeFirst(Visit visit, Served served) {
        served.create("newest", 1);
        served.write("newest", "first", "second", "third");

        visit.open("/topics/newest/messages");

        assertEquals(List.of("third", "second", "first"), values(visit));
    }

    @Test
    void offsetIsPartOfTheAddressAndPagesGoOn(Visit visit, Served served) {
        served.create("long", 1);
        served.write("long", Served.names("value-", 120).toArray(String[]::new));
        visit.open("/topics/long/messages?from=offset&partition=0&offset=10");
        assertEquals("value-10", values(visit).getFirst());
        assertEquals(50, values(visit).size());

        visit.press("Later →");

        visit.waitFor("Offsets 60–109");
        assertEquals("/topics/long/messages?from=offset&partition=0&offset=60", visit.address());
        visit.page().goBack();
        visit.waitFor("Offsets 10–59");
    }

    @Test
    void timeIsWhereToBegin(Visit visit, Served served) {
        served.create("by-time", 1);
        served.write(new ProducerRecord<>("by-time", 0, 1_000_000_000_000L, null, Served.bytes("old")));
        served.write("by-time", "new");

        visit.open("/topics/by-time/messages?from=time&time=2020-01-01T00:00:00");

        assertEquals(List.of("new"), values(visit));
    }

    @Test
    void recordIsShownAsJsonTextAndBytes(Visit visit, Served served) {
        served.create("shown", 1);
        served.write(new ProducerRecord<>(
                "shown",
                0,
                Served.bytes("k"),
                Served.bytes("{\"amount\":12345678901234567890,\"ok\":true}"),
                List.of(new RecordHeader("trace", Served.bytes("abc")))));

        visit.open("/topics/shown/messages");
        visit.press("Open offset 0 of partition 0");

        Locator dialog = visit.dialog();
        dialog.getByText("12345678901234567890").waitFor();
        dialog.getByText("trace").waitFor();
        assertTrue(visit.address().endsWith("record=0%3A0"), visit.address());
        dialog.getByRole(AriaRole.GROUP, new Locator.GetByRoleOptions().setName("Show the value as"))
                .getByText("Bytes")
                .click();
        assertTrue(dialog.locator("pre.hex").innerText().startsWith("00000000  7b 22 61 6d 6f 75 6e 74  22 3a"));
        visit.open(visit.address());
        visit.dialog().getByText("12345678901234567890").waitFor();
    }

    @Test
    void tailShowsWhatComes(Visit visit, Served served) {
        served.create("tailed", 1);
        served.write("tailed", "before");
        visit.open("/topics/tailed/messages");
        visit.press("Live");
        visit.waitFor("Waiting for records.");

        served.write("tailed", "after");

        visit.page().locator("tbody").getByText("after").last().waitFor();
        visit.press("Pause");
        visit.waitFor("Paused.");
    }

    @Test
    void searchFindsWithProgressAndIsPartOfTheAddress(Visit visit, Served served) {
        served.create("searched", 1);
        served.write(
                "searched",
                IntStream.range(0, 300)
                        .mapToObj(i -> (i % 100 == 7 ? "needle " : "hay ") + i)
                        .toArray(String[]::new));
        visit.open("/topics/searched/messages");
        visit.press("Search");
        visit.field("Value").fill("needle");
        visit.page().locator("main button[type=submit]").click();

        visit.waitFor("Done: 3 hits in 300 of 300 records");
        assertEquals(3, values(visit).size());
        assertTrue(
                visit.address().contains("from=search") && visit.address().contains("value=needle"), visit.address());
    }

    @Test
    void searchStopsAtItsLimitAndGoesOn(Visit visit, Served served) {
        served.create("many-hits", 1);
        served.write("many-hits", Served.names("hit ", 150).toArray(String[]::new));
        visit.open("/topics/many-hits/messages?from=search&value=hit");
        visit.page().locator("main button[type=submit]").click();
        visit.waitFor("Stopped at the limit: 100 hits");

        visit.press("Search on");

        visit.waitFor("Done: 150 hits");
        assertEquals(150, values(visit).size());
    }

    /** The pattern takes milliseconds for each record, on any machine: its parts fit in many ways, of which none is right. */
    @Test
    void searchIsStoppedByHandAndGoesOnWhereItWas(Visit visit, Served served) {
        served.create("slowly-searched", 40); // the broker tells its progress at the end of each, at the latest
        served.write(IntStream.range(0, 800)
                .mapToObj(i -> new ProducerRecord<byte[], byte[]>(
                        "slowly-searched", i / 20, null, Served.bytes(i == 799 ? "needle" : "a".repeat(18) + i)))
                .toList());
        visit.open("/topics/slowly-searched/messages?from=search&valueRegex=(a%7Caa)%2B%5C1c%7Cneedle");
        visit.page().locator("main button[type=submit]").click();
        visit.waitFor("Searching: 0 hits");
        visit.press("Stop");
        visit.waitFor("Stopped: 0 hits");
        visit.picture("MessagesTest.stopped");

        visit.press("Go on");

        visit.page()
                .getByText("Done: 1 hit in 800 of 800 records")
                .waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE_MS));
        assertEquals(List.of("needle"), values(visit));
    }

    @Test
    void searchFiltersByKeyHeaderFieldAndTime(Visit visit, Served served) {
        served.create("sifted", 1);
        served.write(List.of(
                sifted(1_600_000_000_000L, "k1", "{\"n\": 1}", "red"),
                sifted(1_700_000_000_000L, "k2", "{\"n\": 2}", "blue")));
        for (String filter : List.of("keyIs=k2", "header=color:blue", "json=$.n=2", "fromTime=2022-01-01T00:00:00")) {
            visit.open("/topics/sifted/messages?from=search&" + filter);
            visit.page().locator("main button[type=submit]").click();
            visit.waitFor("Done: 1 hit");
            assertEquals(List.of("{\"n\": 2}"), values(visit), filter);
        }
    }

    private static ProducerRecord<byte[], byte[]> sifted(long timeMs, String key, String value, String color) {
        return new ProducerRecord<>(
                "sifted",
                0,
                timeMs,
                Served.bytes(key),
                Served.bytes(value),
                List.of(new RecordHeader("color", Served.bytes(color))));
    }

    @Test
    void recordIsProduced(Visit visit, Served served) {
        served.create("written-here", 3);
        visit.open("/topics/written-here/messages");
        visit.press("Produce");
        visit.field("Partition").last().fill("2");
        visit.field("Key").fill("a key");
        visit.field("Value").fill("{\"a\": 1}");
        visit.press("Add a header");
        visit.field("Name").fill("source");
        visit.page().locator("#header-value-0").fill("a test");
        visit.pressInDialog("Write");

        visit.waitFor("Written to partition 2 at offset 0.");
        ConsumerRecord<byte[], byte[]> record = only(served, "written-here", 2);
        assertEquals("a key", text(record.key()));
        assertEquals("{\"a\": 1}", text(record.value()));
        assertEquals("a test", text(record.headers().lastHeader("source").value()));
    }

    @Test
    void recordIsEditedAndSentAgain(Visit visit, Served served) {
        served.create("wrong", 1);
        served.create("right", 1);
        served.write("wrong", "with a mistace");
        visit.open("/topics/wrong/messages?record=0:0");
        visit.pressInDialog("Edit and resend");
        visit.field("Topic").fill("right");
        assertEquals("with a mistace", visit.field("Value").inputValue());
        visit.field("Value").fill("with a mistake");
        visit.pressInDialog("Write");

        visit.waitFor("Written to partition 0 at offset 0.");
        ConsumerRecord<byte[], byte[]> record = only(served, "right", 0);
        assertEquals("with a mistake", text(record.value()));
        assertEquals("key of with a mistace", text(record.key()));
    }

    @Test
    void emptyTopicSaysWhatToDo(Visit visit, Served served) {
        served.create("nothing-yet", 1);
        visit.open("/topics/nothing-yet/messages");
        visit.waitFor("No records yet");
        visit.press("Copy the command echo \"hello\" | ./milena produce nothing-yet");

        assertEquals(
                "echo \"hello\" | ./milena produce nothing-yet",
                visit.page().evaluate("navigator.clipboard.readText()"));
    }

    /** As the table shows them. */
    private static List<String> values(Visit visit) {
        visit.page().locator("tbody tr").first().waitFor();
        return visit.page().locator("tbody tr td:nth-child(5)").allInnerTexts();
    }

    private static ConsumerRecord<byte[], byte[]> only(Served served, String topic, int partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = served.consumer("reads-" + topic)) {
            TopicPartition place = new TopicPartition(topic, partition);
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    return record;
                }
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
