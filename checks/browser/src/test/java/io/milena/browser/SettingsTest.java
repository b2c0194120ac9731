package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InBrowser.class)
class SettingsTest {
    @Test
    void settingIsChangedListedAndReverted(Visit visit, Served served) {
        served.create("kept", 1);
        visit.open("/topics/kept/settings");
        visit.press("Edit retention.ms");
        assertEquals("7", visit.field("Value").inputValue());
        assertEquals(
                "days",
                visit.field("Unit of retention.ms").locator("option:checked").innerText());
        visit.field("Value").fill("1");
        visit.field("Unit of retention.ms").selectOption("hours");
        visit.pressInDialog("Set");
        visit.waitFor("retention.ms is changed.");
        assertEquals("3600000", served.setting("kept", "retention.ms"));

        visit.named(AriaRole.TABLE, "Changes of settings").waitFor();
        visit.press("Revert retention.ms to what it was before");
        visit.pressInDialog("Revert");

        visit.waitFor("retention.ms is as it was before.");
        assertEquals("604800000", served.setting("kept", "retention.ms"));
    }

    @Test
    void valueThatCannotBeIsRefusedInWords(Visit visit, Served served) {
        served.create("kept-as-is", 1);
        visit.tolerate("400");
        visit.open("/topics/kept-as-is/settings");
        visit.press("Edit retention.ms");
        visit.field("Value").fill("-5");
        visit.pressInDialog("Set");

        visit.dialog().locator(".problem:not(:empty)").waitFor();
        assertTrue(visit.dialog().locator(".problem").innerText().contains("retention.ms"));
    }

    @Test
    void settingsOfATopicAreExplainedWithTheirDefaults(Visit visit, Served served) {
        served.create("explained", 1);
        visit.open("/topics/explained/settings");
        List<String> explained = visit.page().locator(".setting p").allInnerTexts();
        assertTrue(explained.size() > 20, explained.toString());
        assertTrue(explained.stream().allMatch(text -> text.length() > 10), explained.toString());

        visit.press("Edit min.insync.replicas");

        visit.dialog().getByText("By default 1.").waitFor();
        visit.field("Value").fill("2");
        visit.pressInDialog("Set");
        visit.waitFor("min.insync.replicas is changed.");
        visit.field("Only what differs from the default (1)").check();
        visit.waitForAll(".setting h3", "min.insync.replicas");
        visit.page().locator(".setting").getByText("default 1").waitFor();
        visit.press("Edit min.insync.replicas");
        visit.pressInDialog("Back to the default");
        visit.waitFor("Everything is as it is by default.");
        assertEquals("1", served.setting("explained", "min.insync.replicas"));
    }

    @Test
    void settingsOfTheBrokerAreExplained(Visit visit) {
        visit.open("/settings");
        visit.field("Filter by name or meaning").fill("num.partitions");

        visit.page().locator(".setting").getByText("num.partitions").first().waitFor();
        assertTrue(visit.page().locator(".setting p").first().innerText().length() > 10);
        assertEquals("/settings?filter=num.partitions", visit.address());
    }
}
