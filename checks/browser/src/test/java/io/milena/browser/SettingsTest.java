package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.AriaRole;
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
    void settingsOfTheBrokerAreExplained(Visit visit) {
        visit.open("/settings");
        visit.field("Filter by name or meaning").fill("num.partitions");

        visit.page().locator(".setting").getByText("num.partitions").first().waitFor();
        assertTrue(visit.page().locator(".setting p").first().innerText().length() > 10);
        assertEquals("/settings?filter=num.partitions", visit.address());
    }
}
