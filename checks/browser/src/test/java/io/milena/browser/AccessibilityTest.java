package io.milena.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What axe-core finds by the rules of WCAG 2.2 A and AA, on every page and in every dialog, by light and in the dark; where the focus goes; and a narrow window. */
@ExtendWith(InBrowser.class)
class AccessibilityTest {
    private static final String JUDGE = """
        async ([where, rules]) => {
          const found = await axe.run(where, {runOnly: rules, resultTypes: ['violations'], preload: false});
          return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html} ${n.any.map(a => a.message).join('; ')}`));
        }\
        """;

    /** Fields into which nobody can write a word, or that stick out. */
    private static final String CRAMPED = """
        [...document.querySelectorAll('main input:not([type=checkbox])')]
          .filter(one => one.getBoundingClientRect().width < 80 || one.getBoundingClientRect().right > innerWidth)
          .map(one => one.id)\
        """;

    private static final List<String> ALL = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
    /** What depends on colours; all else is the same in the dark. */
    private static final List<String> COLOURS = List.of("color-contrast");

    @Test
    void pagesKeepTheRules(Visit visit, Served served) throws IOException {
        served.create("accessible", 3);
        served.write("accessible", "{\"one\": 1, \"two\": [true, null, \"three\"]}", "plain");
        served.read("accessible", "accessible-readers", 1);
        List<String> violations = new ArrayList<>();
        for (String address : List.of(
                "/",
                "/topics",
                "/topics/accessible",
                "/topics/accessible/messages",
                "/topics/accessible/messages?record=0:0",
                "/topics/accessible/messages?from=search",
                "/topics/accessible/settings",
                "/groups",
                "/groups/accessible-readers",
                "/groups/accessible-readers/rebalances",
                "/transactions",
                "/dead-letters",
                "/trash",
                "/settings")) {
            visit.open(address);
            if (address.contains("record=")) {
                visit.dialog().locator("pre").first().waitFor();
            }
            violations.addAll(found(visit, address, "html"));
        }
        assertEquals(List.of(), violations);
    }

    @Test
    void dialogsKeepTheRules(Visit visit, Served served) throws IOException {
        served.create("asked", 2);
        served.create("asked.DLT", 1);
        served.write("asked", "a", "b");
        served.write("asked.DLT", "c");
        served.read("asked", "asked-readers", 1);
        List<String> violations = new ArrayList<>();
        for (String[] each : new String[][] {
            {"/topics", "New topic"},
            {"/topics/asked", "Add partitions"},
            {"/topics/asked", "Delete"},
            {"/topics/asked/messages", "Produce"},
            {"/topics/asked/settings", "Edit retention.ms"},
            {"/groups/asked-readers", "Reset offsets"},
            {"/groups/asked-readers", "Skip one"},
            {"/dead-letters/asked.DLT", "Replay"},
        }) {
            visit.open(each[0]);
            visit.press(each[1]);
            visit.dialog().waitFor();
            violations.addAll(found(visit, each[1], "dialog[open]")); // what is behind it cannot be reached
        }
        assertEquals(List.of(), violations);
    }

    /** By all rules in the light, and once more for the contrast in the dark. */
    private static List<String> found(Visit visit, String what, String where) throws IOException {
        visit.page().evaluate(Files.readString(Browser.modules().resolve("axe-core/axe.min.js")));
        List<String> violations = new ArrayList<>();
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.DARK, ColorScheme.LIGHT}) {
            visit.page().emulateMedia(new EmulateMediaOptions().setColorScheme(scheme));
            List<String> rules = scheme == ColorScheme.DARK ? COLOURS : ALL;
            ((List<?>) visit.page().evaluate(JUDGE, List.of(where, rules)))
                    .forEach(one -> violations.add(what + " " + scheme + " " + one));
        }
        return violations;
    }

    @Test
    void keyboardReachesTheContentAtOnceAndComesBackFromADialog(Visit visit) {
        visit.open("/topics");
        visit.page().keyboard().press("Tab");
        assertEquals("Skip to the page", visit.page().locator(":focus").innerText());
        visit.page().keyboard().press("Enter");
        assertEquals("content", visit.page().evaluate("document.activeElement.id"));
        assertEquals("/topics", visit.address());

        visit.named(AriaRole.BUTTON, "New topic").focus();
        visit.page().keyboard().press("Enter");
        visit.dialog().waitFor();
        assertEquals("name", visit.page().locator(":focus").getAttribute("name"));
        visit.page().keyboard().press("Escape");

        assertEquals("New topic", visit.page().locator(":focus").innerText());
    }

    @Test
    void narrowWindowScrollsNowhereSideways(Visit visit, Served served) {
        served.create("narrow", 2);
        served.write("narrow", "x".repeat(400));
        served.read("narrow", "narrow-readers", 1);
        served.write("narrow", "not read");
        visit.page().setViewportSize(390, 800);
        for (String address : List.of(
                "/",
                "/topics",
                "/topics/narrow",
                "/topics/narrow/messages",
                "/topics/narrow/messages?from=search",
                "/topics/narrow/settings",
                "/groups",
                "/groups/narrow-readers",
                "/groups/narrow-readers/members",
                "/groups/narrow-readers/rebalances",
                "/transactions",
                "/dead-letters",
                "/trash",
                "/settings")) {
            visit.open(address);
            assertEquals(390, visit.page().evaluate("document.documentElement.scrollWidth"), address);
            assertThat(visit.page().locator("nav [aria-current]").first()).isInViewport();
            assertEquals(List.of(), visit.page().evaluate(CRAMPED), address);
        }
    }
}
