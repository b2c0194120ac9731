package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InBrowser.class)
class GroupsTest {
    @Test
    void lagIsShownInRecordsAndTime(Visit visit, Served served) {
        served.create("lagging", 1);
        served.write("lagging", "a", "b", "c", "d");
        served.read("lagging", "slow-readers", 1);

        visit.open("/groups");
        visit.click(AriaRole.LINK, "slow-readers");

        visit.named(AriaRole.TABLE, "Lag by partition").waitFor();
        visit.waitFor("Lag in records");
        visit.waitFor("Lag in time");
        String row = visit.page().locator("tbody tr").first().innerText().replaceAll("\\s+", " ");
        assertTrue(row.startsWith("lagging 0 1 4 3 "), row);
    }

    @Test
    void membersAreShownWithWhatTheyRead(Visit visit, Served served) {
        served.create("attended", 3);
        try (KafkaConsumer<byte[], byte[]> consumer = served.consumer("attendants")) {
            consumer.subscribe(List.of("attended"));
            while (consumer.assignment().size() < 3) {
                consumer.poll(Duration.ofMillis(100));
            }

            visit.open("/groups/attendants/members");

            String row = visit.page().locator("tbody tr").first().innerText();
            assertTrue(row.contains("reader-of-attendants") && row.contains("attended 0–2"), row);
        }
    }

    @Test
    void offsetsAreResetAfterAPreview(Visit visit, Served served) {
        served.create("read-again", 1);
        served.write("read-again", "a", "b", "c");
        served.read("read-again", "rereaders", 3);

        visit.open("/groups/rereaders");
        visit.press("Reset offsets");
        visit.pressInDialog("Preview");
        visit.waitFor("3 records will be read again");
        visit.picture("GroupsTest.preview");
        assertEquals(3, served.committed("rereaders", "read-again"), "a preview changes nothing");
        visit.pressInDialog("Apply");

        visit.waitFor("1 partition moved");
        assertEquals(0, served.committed("rereaders", "read-again"));
    }

    @Test
    void resetWithMembersIsRefusedInWords(Visit visit, Served served) {
        served.create("busy", 1);
        served.write("busy", "a");
        try (KafkaConsumer<byte[], byte[]> consumer = served.consumer("busy-readers")) {
            consumer.subscribe(List.of("busy"));
            while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
                // until there is one
            }
            consumer.commitSync();
            visit.tolerate("409");

            visit.open("/groups/busy-readers");
            visit.press("Reset offsets");
            visit.pressInDialog("Preview");

            visit.waitFor("This can be applied only when no consumer is in the group.");
        }
    }

    @Test
    void oneRecordIsSkipped(Visit visit, Served served) {
        served.create("poisoned", 1);
        served.write("poisoned", "fine", "poison", "fine again");
        served.read("poisoned", "victims", 1);

        visit.open("/groups/victims");
        visit.press("Skip one");
        visit.pressInDialog("Skip");

        visit.waitFor("Offset 1 is left out.");
        assertEquals(2, served.committed("victims", "poisoned"));
    }

    @Test
    void timelineSaysWhoCameAndWentAndWhy(Visit visit, Served served) {
        served.create("left", 1);
        served.write("left", "a");
        served.read("left", "leavers", 1);

        visit.open("/groups/leavers");
        visit.click(AriaRole.LINK, "Rebalances");

        visit.page().locator(".timeline").waitFor();
        String told = visit.page().locator(".timeline").innerText().replaceAll("\\s+", " ");
        for (String event : new String[] {"Joined: reader-of-leavers", "Rebalance:", "Left: reader-of-leavers"}) {
            assertTrue(told.contains(event), told);
        }
    }
}
