package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be seen of the records of a topic, chosen by hand. */
@ExtendWith(InBrowser.class)
class RecordViewsTest {
    private static final String VALUES = "tbody tr td:nth-child(5)";

    @Test
    void partitionOffsetAndTimeAreChosenByHand(Visit visit, Served served) {
        served.create("by-hand", 2);
        served.write(List.of(
                record(0, 1_500_000_000_000L, "oldest"),
                record(0, 1_600_000_000_000L, "old"),
                record(0, 1_700_000_000_000L, "young"),
                record(1, 1_700_000_000_001L, "elsewhere")));
        visit.open("/topics/by-hand/messages");
        visit.waitForAll(VALUES, "elsewhere", "young", "old", "oldest");

        visit.field("Partition").selectOption("Partition 0");
        visit.waitForAll(VALUES, "young", "old", "oldest");

        visit.press("From an offset");
        visit.field("Offset").fill("1");
        visit.field("Offset").press("Enter");
        visit.waitForAll(VALUES, "old", "young");
        assertEquals("/topics/by-hand/messages?partition=0&from=offset&offset=1", visit.address());

        visit.press("From a time");
        visit.field("Time").fill("2021-01-01T00:00:01");
        visit.field("Time").press("Enter");
        visit.waitForAll(VALUES, "young");
        visit.field("Partition").selectOption("All partitions");
        visit.waitForAll(VALUES, "young", "elsewhere");
    }

    private static ProducerRecord<byte[], byte[]> record(int partition, long timeMs, String value) {
        return new ProducerRecord<>("by-hand", partition, timeMs, null, Served.bytes(value));
    }

    /** As the serializers of schema registries write it: a zero, the number of the schema, and the data. */
    @Test
    void avroIsShownAsItsSchemaAndItsBytes(Visit visit, Served served) {
        served.create("in-avro", 1);
        byte[] value = {0, 0, 0, 1, 44, 10, 'h', 'e', 'l', 'l', 'o', (byte) 0xc8, 1};
        served.write(new ProducerRecord<>("in-avro", 0, Served.bytes("k"), value));
        visit.open("/topics/in-avro/messages");
        visit.waitForAll(VALUES, "schema 300: 0a 68 65 6c 6c 6f c8 01");

        visit.press("Open offset 0 of partition 0");

        visit.dialog().getByText("With schema 300 of a registry.").waitFor();
        Locator bytes = visit.dialog().locator("pre.hex");
        assertTrue(bytes.innerText().startsWith("00000000  0a 68 65 6c 6c 6f c8 01  "), bytes.innerText());
        assertTrue(bytes.innerText().endsWith("·hello··"), bytes.innerText());
        visit.picture("RecordViewsTest.avro");
        visit.dialog()
                .getByRole(AriaRole.GROUP, new Locator.GetByRoleOptions().setName("Show the value as"))
                .getByText("Bytes")
                .click();
        visit.dialog()
                .getByText("00000000  00 00 00 01 2c 0a 68 65  6c 6c 6f c8 01")
                .waitFor();
    }

    @Test
    void numberIsNotTakenForAvro(Visit visit, Served served) {
        served.create("in-numbers", 1);
        served.write(new ProducerRecord<>("in-numbers", 0, null, new byte[] {0, 0, 0, 0, 0, 0, 0, 5}));

        visit.open("/topics/in-numbers/messages?record=0:0");

        visit.dialog().locator("pre").waitFor();
        assertEquals(0, visit.dialog().getByText("Avro").count());
    }

    @Test
    void recordIsCopied(Visit visit, Served served) {
        served.create("copied-from-here", 1);
        served.write("copied-from-here", "{\"a\": 12345678901234567890}");
        visit.open("/topics/copied-from-here/messages?record=0:0");

        visit.pressInDialog("Copy the value");
        visit.dialog().getByText("Copied.").waitFor();
        assertEquals("{\"a\": 12345678901234567890}", copied(visit));

        visit.pressInDialog("Copy as JSON");
        visit.dialog().getByText("Copied.").nth(1).waitFor();
        assertTrue(copied(visit).contains("\"offset\": 0"), copied(visit));
    }

    private static String copied(Visit visit) {
        return String.valueOf(visit.page().evaluate("navigator.clipboard.readText()"));
    }
}
