package io.milena.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, seen from one of them: what they do, and what is missing when one is gone. */
@ExtendWith(InBrowser.class)
class ClusterTest {
    private static final double PATIENCE_MS = 120_000;

    @Test
    void trafficIsDrawnAndWhatIsMissingIsTold(Visit visit, @TempDir Path data) {
        try (ServedCluster cluster = ServedCluster.start(data)) {
            cluster.create("copied", 3);
            visit.turnTo(cluster.url());
            visit.open("/");
            figure(visit, "3 of 3 brokers").waitFor();
            cluster.write("copied", 0, 3000);

            visit.page()
                    .locator("figure.chart")
                    .filter(new Locator.FilterOptions().setHasText("Records in"))
                    .locator("path.stroke") // of one point, it has no size
                    .waitFor(patience().setState(WaitForSelectorState.ATTACHED));
            visit.page()
                    .getByText("Partition 0 of copied has most of the work")
                    .waitFor(patience());
            visit.picture("ClusterTest.all");

            visit.tolerate("status of 50"); // until the others know that it is gone, they ask it
            cluster.stopTheLast();

            figure(visit, "2 of 3 brokers").waitFor(patience());
            visit.page()
                    .getByText("Topic copied has replicas that are behind")
                    .waitFor(patience());
            visit.named(AriaRole.TABLE, "Brokers").getByText("fenced").waitFor(patience());
            visit.picture("ClusterTest.oneIsGone");
            visit.open("/topics/copied");
            visit.page().locator("tbody").getByText("1 behind").nth(2).waitFor(patience());
            visit.turnTo(cluster.url()); // nobody asks a console that ends
        }
    }

    /** A number at the head of the overview with what it counts. */
    private static Locator figure(Visit visit, String text) {
        return visit.page()
                .locator(".figure")
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile(text.replaceFirst(" ", "\\\\s*"))));
    }

    private static Locator.WaitForOptions patience() {
        return new Locator.WaitForOptions().setTimeout(PATIENCE_MS);
    }
}
