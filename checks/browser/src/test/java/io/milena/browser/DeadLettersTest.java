package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.AriaRole;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InBrowser.class)
class DeadLettersTest {
    @Test
    void letterSaysWhyAndIsReplayed(Visit visit, Served served) {
        served.create("parcels", 1);
        served.create("parcels.DLT", 1);
        served.write("parcels", "fine");
        served.write(letter("parcels", "broken parcel", "no address on it"));
        served.write(letter(
                "parcels",
                "other parcel",
                "Listener method 'void com.example.Parcels.take(java.lang.String)' threw exception; no stamp"));

        visit.open("/dead-letters");
        visit.click(AriaRole.LINK, "parcels.DLT");
        visit.waitForAll("tbody td:last-child", "no stamp", "no address on it");
        visit.named(AriaRole.LINK, "parcels, partition 0, offset 0").first().click();
        visit.waitFor("Offsets 0–0");
        visit.page().goBack();
        visit.press("Replay");
        visit.field("Value contains").fill("broken");
        visit.pressInDialog("Count them");
        visit.waitFor("1 record will be replayed");
        visit.picture("DeadLettersTest.counted");
        visit.pressInDialog("Replay");

        visit.waitFor("1 record replayed.");
        visit.open("/topics/parcels/messages");
        List<String> values = visit.page().locator("tbody tr td:nth-child(5)").allInnerTexts();
        assertTrue(values.equals(List.of("broken parcel", "fine")), values.toString());
    }

    @Test
    void letterIsMendedAndSentWhereItCameFrom(Visit visit, Served served) {
        served.create("parcels-to-mend", 1);
        served.create("parcels-to-mend.DLT", 1);
        served.write(letter("parcels-to-mend", "no addres", "spelling"));

        visit.open("/dead-letters/parcels-to-mend.DLT");
        visit.press("Open offset 0 of partition 0");
        visit.pressInDialog("Edit and resend");
        assertEquals("parcels-to-mend", visit.field("Topic").inputValue());
        assertEquals(0, visit.field("Name").count(), "headers that say why stay behind");
        visit.field("Value").fill("no address");
        visit.pressInDialog("Write");

        visit.waitFor("Written to partition 0 at offset 0.");
        visit.open("/topics/parcels-to-mend/messages");
        visit.waitFor("no address");
    }

    /** As Spring Kafka writes it. */
    private static ProducerRecord<byte[], byte[]> letter(String topic, String value, String why) {
        List<Header> headers = List.of(
                new RecordHeader("kafka_dlt-original-topic", Served.bytes(topic)),
                new RecordHeader(
                        "kafka_dlt-original-partition",
                        ByteBuffer.allocate(4).putInt(0).array()),
                new RecordHeader(
                        "kafka_dlt-original-offset",
                        ByteBuffer.allocate(8).putLong(0).array()),
                new RecordHeader("kafka_dlt-exception-message", Served.bytes(why)));
        return new ProducerRecord<>(topic + ".DLT", 0, Served.bytes("key"), Served.bytes(value), headers);
    }
}
