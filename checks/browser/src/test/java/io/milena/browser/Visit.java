package io.milena.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One page of the browser, without history, looking at the console. */
final class Visit implements AutoCloseable {
    private String url;
    private final Page page;
    /** What no page may do, whatever the test is about. */
    private final List<String> offences = new ArrayList<>();

    private final List<String> tolerated = new ArrayList<>();

    Visit(Browser browser, String url) {
        this.url = url;
        this.page = browser.newPage();
        page.onRequest(request -> {
            if (!request.url().startsWith(this.url) && !request.url().startsWith("data:")) {
                offences.add("asked " + request.url());
            }
        });
        page.onConsoleMessage(this::heard);
        page.onPageError(error -> offences.add("failed: " + error));
    }

    private void heard(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            offences.add(message.type() + ": " + message.text() + " " + message.location());
        }
    }

    /** An error that a test makes on purpose, which the browser writes to its log. */
    void tolerate(String part) {
        tolerated.add(part);
    }

    /** Looks at another console from now on. */
    void turnTo(String another) {
        page.navigate("about:blank");
        url = another;
    }

    /** Opens an address of the console as if it had been typed, and waits until the page has what it shows. */
    Visit open(String address) {
        page.navigate(url + address);
        return ready();
    }

    Visit ready() {
        page.waitForSelector("main[aria-busy=false]");
        return this;
    }

    Page page() {
        return page;
    }

    Locator named(AriaRole role, String name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    void click(AriaRole role, String name) {
        named(role, name).click();
    }

    void press(String button) {
        click(AriaRole.BUTTON, button);
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    Locator dialog() {
        return page.locator("dialog[open]");
    }

    /** A button in the open dialog. */
    void pressInDialog(String button) {
        dialog().getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    /** Waits until these, and no others, match the selector, in this order. */
    void waitForAll(String selector, String... texts) {
        assertThat(page.locator(selector))
                .hasText(texts, new LocatorAssertions.HasTextOptions().setTimeout(Browser.PATIENCE_MS));
    }

    void waitFor(String text) {
        page.getByText(text).first().waitFor();
    }

    String address() {
        return page.url().substring(url.length());
    }

    void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(pictures().resolve(name + ".png")));
    }

    static Path pictures() {
        return Path.of(System.getProperty("milena.screenshots", "target/screenshots"));
    }

    void assertNoOffence() {
        offences.removeIf(offence -> tolerated.stream().anyMatch(offence::contains));
        assertEquals(List.of(), offences);
    }

    @Override
    public void close() {
        if (page.url().startsWith(url)) {
            page.evaluate("localStorage.clear()"); // the next visit is a first one
        }
        page.close();
    }
}
