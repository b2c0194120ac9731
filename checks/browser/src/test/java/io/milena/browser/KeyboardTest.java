package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Without a mouse. */
@ExtendWith(InBrowser.class)
class KeyboardTest {
    /** What can have the focus, in the order of the page. */
    private static final String REACHABLE = """
            [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
              .filter(one => !one.disabled && one.checkVisibility())\
            """;

    private static final String FOCUS = """
            () => {
              const one = document.activeElement;
              const style = getComputedStyle(one);
              return {
                place: %s.indexOf(one),
                name: one.getAttribute('aria-label') ?? one.innerText ?? '',
                isSeen: style.outlineStyle !== 'none' || one.matches('.skip'),
              };
            }\
            """.formatted(REACHABLE);

    private static final int TABS_MAX = 200;

    @Test
    void tabGoesThroughThePageInItsOrderAndIsSeen(Visit visit, Served served) {
        served.create("walked-through", 3);
        served.write("walked-through", "a", "b");
        served.read("walked-through", "walkers", 1);
        for (String address : List.of(
                "/",
                "/topics?filter=walked",
                "/topics/walked-through",
                "/topics/walked-through/messages",
                "/topics/walked-through/settings?filter=retention",
                "/groups/walkers")) {
            visit.open(address);
            int all = (Integer) visit.page().evaluate(REACHABLE + ".length");
            assertTrue(all > 10, address);
            for (int place = 0; place < all; place++) {
                visit.page().keyboard().press("Tab");
                Map<?, ?> focus = focus(visit);
                assertEquals(place, focus.get("place"), () -> address + " after " + focus);
                assertEquals(true, focus.get("isSeen"), () -> address + " at " + focus);
            }
        }
    }

    @Test
    void topicIsMadeAndARecordWrittenWithoutAMouse(Visit visit, Served served) {
        visit.open("/");
        pressAt(visit, "Topics");
        visit.named(AriaRole.HEADING, "Topics").waitFor();
        visit.ready();
        assertEquals("content", visit.page().evaluate("document.activeElement.id"), "the next Tab is in the new page");
        assertEquals(
                "Topics · Milena",
                visit.page().locator("[role=status]#announcements").innerText());

        pressAt(visit, "New topic");
        visit.dialog().waitFor();
        visit.page().keyboard().type("typed");
        visit.page().keyboard().press("Enter");
        visit.named(AriaRole.HEADING, "typed").waitFor();
        visit.ready();
        pressAt(visit, "Messages");
        visit.named(AriaRole.BUTTON, "Produce").waitFor();
        visit.ready();
        pressAt(visit, "Produce");
        visit.dialog().waitFor();
        visit.page().keyboard().type("by hand");
        pressAt(visit, "Write");
        visit.waitFor("Written to partition");

        visit.page().locator("tbody").getByText("by hand").first().waitFor();
        pressAt(visit, "Open offset 0 of partition 0", "Open offset 0 of partition 1", "Open offset 0 of partition 2");
        visit.dialog().getByText("by hand").first().waitFor();
        visit.page().keyboard().press("Escape");
        assertFalse(visit.dialog().isVisible());
        assertTrue(String.valueOf(focus(visit).get("name")).startsWith("Open offset 0"));
        assertEquals(3, served.partitions("typed"));
    }

    /** Tab until something of this name has the focus, then Enter. */
    private static void pressAt(Visit visit, String... names) {
        for (int i = 0; i < TABS_MAX; i++) {
            visit.page().keyboard().press("Tab");
            if (List.of(names).contains(focus(visit).get("name"))) {
                visit.page().keyboard().press("Enter");
                return;
            }
        }
        throw new AssertionError("nobody comes to " + List.of(names));
    }

    private static Map<?, ?> focus(Visit visit) {
        return (Map<?, ?>) visit.page().evaluate(FOCUS);
    }
}
