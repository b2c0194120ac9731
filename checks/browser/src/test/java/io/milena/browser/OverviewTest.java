package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InBrowser.class)
class OverviewTest {
    @Test
    void tellsBrokerControllerAndDisk(Visit visit) {
        visit.open("/");

        visit.named(AriaRole.HEADING, "Overview").waitFor();
        assertEquals(
                "1 broker", visit.page().locator(".figure").first().innerText().replaceAll("\\s+", " "));
        visit.named(AriaRole.TABLE, "Brokers").getByText("controller").waitFor();
        visit.page().locator(".disk .meter").first().waitFor();
        for (String chart : new String[] {"Traffic", "Records in", "Produce latency, 99th percentile", "Connections"}) {
            visit.page().locator("figure.chart").getByText(chart).first().waitFor();
        }
    }

    @Test
    void everySectionIsOneClickAway(Visit visit) {
        visit.open("/");
        for (String section :
                new String[] {"Topics", "Groups", "Transactions", "Dead letters", "Trash", "Settings", "Overview"}) {
            visit.click(AriaRole.LINK, section);
            visit.named(AriaRole.HEADING, section).waitFor();
            visit.ready();
            assertEquals(
                    section,
                    visit.page().locator("nav a[aria-current=page]").first().innerText());
        }
    }

    @Test
    void backReturnsToThePageBefore(Visit visit) {
        visit.open("/");
        visit.click(AriaRole.LINK, "Groups");
        visit.named(AriaRole.HEADING, "Groups").waitFor();

        visit.page().goBack();

        visit.named(AriaRole.HEADING, "Overview").waitFor();
        assertEquals("/", visit.address());
    }

    @Test
    void darkIsChosenAndRemembered(Visit visit) {
        visit.open("/");
        Object light = visit.page().evaluate("getComputedStyle(document.documentElement).backgroundColor");
        visit.press("☾ Dark");
        Object dark = visit.page().evaluate("getComputedStyle(document.documentElement).backgroundColor");
        assertNotEquals(light, dark);

        visit.page().reload();

        visit.ready();
        assertEquals(dark, visit.page().evaluate("getComputedStyle(document.documentElement).backgroundColor"));
    }

    @Test
    void unknownAddressSaysSo(Visit visit) {
        visit.tolerate("404");
        visit.open("/topics/no-such-topic");

        visit.named(AriaRole.HEADING, "It is not there").waitFor();

        visit.open("/topicz");
        visit.named(AriaRole.HEADING, "There is no such page").waitFor();
        visit.click(AriaRole.LINK, "Topics");
        visit.named(AriaRole.HEADING, "Topics").waitFor();
    }
}
