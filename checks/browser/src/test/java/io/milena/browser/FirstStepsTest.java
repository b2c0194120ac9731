package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first steps of the README, as a new user takes them: the console in a browser, the example as processes, one of which is killed. */
@ExtendWith(InBrowser.class)
@OwnBroker(settings = "group.min.session.timeout.ms=1000")
class FirstStepsTest {
    private static final String LISTENS_ONLY = "--orders.demonstration=false";
    private static final double PATIENCE_MS = 120_000;

    @Test
    void newUserSeesAConsumerDieReplaysALetterAndReadsAgain(Visit visit, Served served) {
        createOrders(visit);
        try (OrdersProcess shop = OrdersProcess.start(served.address(), "FirstStepsTest.shop", "--orders.every=200ms");
                OrdersProcess mortal = OrdersProcess.start(
                        served.address(),
                        "FirstStepsTest.mortal",
                        LISTENS_ONLY,
                        "--spring.kafka.consumer.properties.session.timeout.ms=3000",
                        "--spring.kafka.consumer.properties.heartbeat.interval.ms=1000")) {
            visit.open("/groups");
            visit.named(AriaRole.LINK, "order-processor").click(new Locator.ClickOptions().setTimeout(PATIENCE_MS));
            visit.page().locator(".tabs").getByText("Members").click();
            assigned(visit, shop).first().waitFor(patience());
            assigned(visit, mortal).first().waitFor(patience());

            mortal.kill();

            visit.click(AriaRole.LINK, "Rebalances");
            Locator dead = visit.page().locator(".timeline li.bad");
            dead.getByText("Timed out: " + mortal.consumers()).first().waitFor(patience());
            visit.picture("FirstStepsTest.timedOut");
            visit.open("/dead-letters/orders-dlt");
            visit.page().getByText("has a negative amount").first().waitFor(patience());
        }
        // both are gone: what comes now waits for them
        writeAnOrder(visit);
        replayTheLetter(visit);
        visit.open("/groups/order-processor");
        visit.waitFor("Empty");
        visit.page()
                .locator(".figure")
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile("^[1-9].*records behind")))
                .waitFor();
        visit.picture("FirstStepsTest.lag");
        readAllAgain(visit, served);
    }

    private static void createOrders(Visit visit) {
        visit.open("/");
        visit.click(AriaRole.LINK, "Create one");
        visit.field("Name").fill("orders");
        visit.pressInDialog("Create");
        visit.named(AriaRole.HEADING, "orders").waitFor();
    }

    /** The consumers of a process that have something to read. */
    private static Locator assigned(Visit visit, OrdersProcess process) {
        return visit.page()
                .locator("tbody tr")
                .filter(new Locator.FilterOptions().setHasText(process.consumers()))
                .filter(new Locator.FilterOptions().setHas(visit.page().locator("a[href='/topics/orders']")));
    }

    private static void writeAnOrder(Visit visit) {
        visit.open("/topics/orders/messages");
        visit.press("Produce");
        visit.field("Key").fill("user-123");
        visit.field("Value")
                .fill(
                        "{\"id\": \"late\", \"customer\": \"user-123\", \"item\": \"diary\", \"quantity\": 1, \"amount\": 19.9}");
        visit.pressInDialog("Write");
        visit.waitFor("Written to partition 2");
    }

    private static void replayTheLetter(Visit visit) {
        visit.open("/dead-letters");
        visit.click(AriaRole.LINK, "orders-dlt");
        visit.press("Replay");
        visit.pressInDialog("Count them");
        visit.waitFor(" will be replayed");
        visit.pressInDialog("Replay");
        visit.waitFor(" replayed.");
    }

    private static void readAllAgain(Visit visit, Served served) {
        visit.press("Reset offsets");
        visit.pressInDialog("Preview");
        visit.waitFor("will be read again");
        visit.picture("FirstStepsTest.preview");
        visit.pressInDialog("Apply");
        visit.waitFor("3 partitions moved");
        assertEquals(0, served.committed("order-processor", "orders"));
    }

    /** Two programs start meanwhile. */
    private static Locator.WaitForOptions patience() {
        return new Locator.WaitForOptions().setTimeout(PATIENCE_MS);
    }
}
