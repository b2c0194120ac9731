package io.milena.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, seen from one of them: what they do, and what is missing when one is gone. */
@ExtendWith(InBrowser.class)
@Timeout(300)
class ClusterTest {
    private static final double PATIENCE_MS = 120_000;

    @Test
    void trafficIsDrawnAndWhatIsMissingIsTold(Visit visit, @TempDir Path data) {
        try (ServedCluster cluster = ServedCluster.start(data)) {
            cluster.create("copied", 3);
            write(cluster, 1);
            cluster.show();
            visit.turnTo(cluster.url());
            openUntil(visit, () -> isDrawn(visit, "Connections"));
            figure(visit, "3 of 3 brokers").waitFor();

            write(cluster, 100); // between two measurements
            cluster.write("copied", 0, 3000);

            openUntil(visit, () -> isDrawn(visit, "Records in"));
            openUntil(
                    visit,
                    () -> visit.page()
                                    .getByText("Partition 0 of copied has most of the work")
                                    .count()
                            > 0);
            visit.picture("ClusterTest.all");

            visit.tolerate("status of 50"); // until the others know that it is gone, they ask it
            cluster.stopTheLast();

            figure(visit, "2 of 3 brokers").waitFor(patience());
            figure(visit, "3 under-replicated").waitFor(patience());
            visit.page().getByText("Topic copied has replicas that are behind").waitFor(patience());
            visit.named(AriaRole.TABLE, "Brokers").getByText("fenced").waitFor(patience());
            visit.picture("ClusterTest.oneIsGone");
            visit.open("/topics/copied");
            visit.page().locator("tbody").getByText("1 behind").nth(2).waitFor(patience());
            visit.turnTo(cluster.url()); // nobody asks a console that ends
        }
    }

    /** Each broker leads one of the partitions. */
    private static void write(ServedCluster cluster, int records) {
        for (int partition = 0; partition < 3; partition++) {
            cluster.write("copied", partition, records);
        }
    }

    /** Again and again: what is measured comes every ten seconds. */
    private static void openUntil(Visit visit, BooleanSupplier isThere) {
        do {
            visit.open("/");
            visit.page().locator("figure.chart").first().waitFor();
        } while (!isThere.getAsBoolean());
    }

    private static boolean isDrawn(Visit visit, String chart) {
        return visit.page()
                        .locator("figure.chart")
                        .filter(new Locator.FilterOptions().setHasText(chart))
                        .locator("path.stroke")
                        .count()
                > 0;
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
