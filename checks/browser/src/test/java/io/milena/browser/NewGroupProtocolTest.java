package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A group whose members leave it to the broker who reads what (KIP-848). */
@ExtendWith(InBrowser.class)
class NewGroupProtocolTest {
    @Test
    void groupIsSeenWithItsMembersItsLagAndItsRebalances(Visit visit, Served served) {
        served.create("modern", 2);
        served.write("modern", "a", "b", "c");
        try (KafkaConsumer<byte[], byte[]> consumer = served.consumer("moderns", GroupProtocol.CONSUMER)) {
            consumer.subscribe(List.of("modern"));
            int read = 0;
            while (read < 1 || consumer.assignment().size() < 2) {
                read += consumer.poll(Duration.ofMillis(100)).count();
            }
            consumer.commitSync();

            visit.open("/groups?filter=moderns");
            // until the coordinator has heard that the member has what it was given
            visit.page().locator("tbody tr").getByText("Stable").waitFor();
            String listed = text(visit.page().locator("tbody tr"));
            assertTrue(listed.startsWith("moderns Stable ") && listed.endsWith(" consumer"), listed);
            visit.click(AriaRole.LINK, "moderns");
            visit.named(AriaRole.TABLE, "Lag by partition").waitFor();
            String lag = text(visit.page().locator("tbody tr").first());
            assertTrue(lag.startsWith("modern 0 " + read + " 3 " + (3 - read) + " "), lag);
            assertTrue(lag.contains("reader-of-moderns"), lag);
            visit.page().locator(".tabs").getByText("Members").click();
            visit.named(AriaRole.TABLE, "Members").waitFor();
            String member = text(visit.page().locator("tbody tr"));
            assertTrue(member.startsWith("reader-of-moderns ") && member.contains("modern 0, 1"), member);
            visit.picture("NewGroupProtocolTest.members");
        }

        visit.click(AriaRole.LINK, "Rebalances");
        visit.page().locator(".timeline").getByText("Left: reader-of-moderns").waitFor();
        visit.page().locator(".timeline").getByText("Joined: reader-of-moderns").waitFor();
        visit.press("Reset offsets");
        visit.pressInDialog("Preview");
        visit.pressInDialog("Apply");
        visit.waitFor("2 partitions moved");
        assertEquals(0, served.committed("moderns", "modern"));
    }

    private static String text(Locator row) {
        return row.innerText().replaceAll("\\s+", " ").strip();
    }
}
