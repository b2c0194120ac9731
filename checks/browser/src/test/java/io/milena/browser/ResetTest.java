package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where a group can be moved to. */
@ExtendWith(InBrowser.class)
class ResetTest {
    private static final long YEAR_MS = 31_557_600_000L;

    @Test
    void eachPlaceToMoveToHasItsPreview(Visit visit, Served served) {
        served.create("moved", 2);
        served.write(IntStream.range(0, 6) // from 2015 on, one a year
                .mapToObj(i -> new ProducerRecord<byte[], byte[]>(
                        "moved", 0, 1_430_000_000_000L + i * YEAR_MS, null, Served.bytes("record " + i)))
                .toList());
        served.read("moved", "movers", 3);
        visit.open("/groups/movers");
        visit.press("Reset offsets");

        preview(
                visit,
                "The first record that is kept",
                () -> {},
                "3 records will be read again, and 0 records will be left out.");
        preview(
                visit,
                "The end: leave out all that is there",
                () -> {},
                "0 records will be read again, and 3 records will be left out.");
        preview(
                visit,
                "A point in time",
                () -> visit.field("Time").fill("2016-01-01T00:00:01"),
                "2 records will be read again, and 0 records will be left out.");
        preview(
                visit,
                "An offset",
                () -> visit.field("Offset").fill("4"),
                "0 records will be read again, and 1 record will be left out.");
        preview(
                visit,
                "Some records forward or back",
                () -> visit.field("Records").fill("-1"),
                "1 record will be read again, and 0 records will be left out.");

        visit.field("Topic").selectOption("moved");
        visit.field("Partitions").fill("0");
        visit.pressInDialog("Preview");
        visit.waitFor("1 record will be read again");
        visit.waitForAll("dialog tbody tr", "moved03210");
        assertEquals(3, served.committed("movers", "moved"), "a preview changes nothing");
        visit.pressInDialog("Apply");
        visit.waitFor("1 partition moved: 1 record will be read again, 0 left out.");
        assertEquals(2, served.committed("movers", "moved"));
    }

    private static void preview(Visit visit, String to, Runnable filled, String said) {
        visit.field("Move to").selectOption(to);
        filled.run();
        visit.pressInDialog("Preview");
        visit.waitFor(said);
    }
}
