package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InBrowser.class)
class TopicsTest {
    @Test
    void topicIsCreatedWithItsSettings(Visit visit, Served served) {
        visit.open("/topics");
        visit.press("New topic");
        visit.field("Name").fill("created-here");
        visit.field("Partitions").fill("4");
        visit.field("Keep records for").fill("1.5");
        visit.field("Unit of retention.ms").selectOption("hours");
        visit.field("What happens to old records").selectOption("compact: keep the newest of each key");
        visit.dialog().locator("summary").click();
        visit.field("max.message.bytes").fill("2");
        visit.field("Unit of max.message.bytes").selectOption("MiB");
        visit.picture("TopicsTest.newTopic");
        visit.pressInDialog("Create");

        visit.named(AriaRole.HEADING, "created-here").waitFor();
        assertEquals("/topics/created-here", visit.address());
        assertEquals(4, served.partitions("created-here"));
        assertEquals("5400000", served.setting("created-here", "retention.ms"));
        assertEquals("compact", served.setting("created-here", "cleanup.policy"));
        assertEquals("2097152", served.setting("created-here", "max.message.bytes"));
        assertEquals("-1", served.setting("created-here", "retention.bytes"), "untouched, it follows the broker");
    }

    @Test
    void whatTheBrokerRefusesIsToldInTheDialog(Visit visit, Served served) {
        served.create("there-already", 1);
        visit.tolerate("409");
        visit.open("/topics");
        visit.press("New topic");
        visit.field("Name").fill("there-already");
        visit.pressInDialog("Create");

        visit.waitFor("Topic 'there-already' already exists.");
        assertEquals("/topics", visit.address());
    }

    @Test
    void filterIsPartOfTheAddress(Visit visit, Served served) {
        served.create(
                List.of(new NewTopic("filtered-apples", 1, (short) 1), new NewTopic("filtered-pears", 1, (short) 1)));
        visit.open("/topics");
        visit.field("Filter by name").fill("filtered pea");
        visit.named(AriaRole.LINK, "filtered-pears").waitFor();
        assertEquals(0, visit.named(AriaRole.LINK, "filtered-apples").count());

        visit.open(visit.address());

        visit.named(AriaRole.LINK, "filtered-pears").waitFor();
        assertEquals(0, visit.named(AriaRole.LINK, "filtered-apples").count());
    }

    @Test
    void partitionsAreShownWithLeaderAndOffsets(Visit visit, Served served) {
        served.create("three-parts", 3);
        served.write("three-parts", "a", "b");

        visit.open("/topics/three-parts");

        List<String> rows = visit.page().locator("tbody tr").all().stream()
                .map(row -> row.innerText().replaceAll("\\s+", " ").strip())
                .toList();
        assertEquals(3, rows.size());
        // Partition, leader, replicas, in sync, first and end offset, size
        assertTrue(rows.getFirst().matches("0 1 1 1 0 2 \\d+ B.*"), rows.getFirst());
        assertEquals(3, visit.page().locator(".heat a").count());
    }

    @Test
    void topicsAreSortedByWhatTheyHold(Visit visit, Served served) {
        served.create("weighed-empty", 1);
        served.create("weighed-heavy", 2);
        served.create("weighed-light", 3);
        served.write("weighed-heavy", "x".repeat(5000));
        served.write("weighed-light", "x");
        visit.open("/topics?filter=weighed");
        visit.waitForAll("tbody th", "weighed-empty", "weighed-heavy", "weighed-light");

        visit.press("Size");
        visit.waitForAll("tbody th", "weighed-heavy", "weighed-light", "weighed-empty");
        visit.named(AriaRole.COLUMNHEADER, "Size")
                .and(visit.page().locator("[aria-sort=descending]"))
                .waitFor();
        visit.press("Partitions");

        visit.waitForAll("tbody th", "weighed-light", "weighed-heavy", "weighed-empty");
        assertEquals("/topics?filter=weighed&sort=partitions&down=1", visit.address());
    }

    @Test
    void partitionsAreAdded(Visit visit, Served served) {
        served.create("to-grow", 1);
        visit.open("/topics/to-grow");
        visit.press("Add partitions");
        visit.field("Partitions in all").fill("5");
        visit.pressInDialog("Add");

        visit.waitFor("to-grow has 5 partitions now.");
        visit.waitFor("Partitions (5)");
    }

    @Test
    void deletedTopicComesBackFromTheTrash(Visit visit, Served served) {
        served.create("lost-and-found", 2);
        served.write("lost-and-found", "precious");
        visit.open("/topics/lost-and-found");
        visit.press("Delete");
        visit.pressInDialog("Delete");
        visit.named(AriaRole.HEADING, "Topics").waitFor();

        visit.open("/trash");
        visit.press("Restore lost-and-found");
        visit.pressInDialog("Restore");

        visit.named(AriaRole.HEADING, "lost-and-found").waitFor();
        visit.open("/topics/lost-and-found/messages");
        visit.page().locator("tbody").getByText("precious").last().waitFor();
    }
}
