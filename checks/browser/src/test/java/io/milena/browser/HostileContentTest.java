package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever may write records or choose a name must not get more from the person who looks at them. */
@ExtendWith(InBrowser.class)
class HostileContentTest {
    private static final String ATTACK =
            "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

    @Test
    void recordStaysText(Visit visit, Served served) {
        served.create("hostile", 1);
        served.write(new ProducerRecord<>(
                "hostile",
                0,
                Served.bytes(ATTACK),
                Served.bytes("{\"" + ATTACK.replace("\"", "\\\"") + "\": \"" + ATTACK.replace("\"", "\\\"") + "\"}"),
                List.of(new RecordHeader(ATTACK, Served.bytes(ATTACK)))));

        visit.open("/topics/hostile/messages?record=0:0");

        visit.dialog().getByText("onerror").first().waitFor();
        assertHarmless(visit);
    }

    @Test
    void nameOfAGroupStaysText(Visit visit, Served served) {
        String group = ATTACK + "/../?#%2e";
        served.create("innocent", 1);
        served.write("innocent", "a");
        served.read("innocent", group, 1);

        visit.open("/groups");
        visit.page().locator("tbody a").getByText("onerror").click();
        visit.waitFor("partitions with an offset");
        assertEquals(group, visit.page().locator("h1").innerText());
        visit.open("/groups/" + URLEncoder.encode(group, StandardCharsets.UTF_8).replace("+", "%20") + "/members");
        visit.waitFor("Nobody is in this group");
        assertHarmless(visit);
    }

    @Test
    void charactersThatHideOrTurnTextAreShown(Visit visit, Served served) {
        served.create("disguised", 1);
        served.write("disguised", "invoice\u202Efdp.exe\u0000");

        visit.open("/topics/disguised/messages");

        visit.waitFor("invoice\\u202efdp.exe\\u0000");
    }

    @Test
    void addressIsNotCode(Visit visit) {
        visit.tolerate("400");
        visit.open(
                "/topics/" + URLEncoder.encode(ATTACK, StandardCharsets.UTF_8).replace("+", "%20"));
        visit.page().locator(".empty.bad").waitFor();
        assertHarmless(visit);
        visit.open("/groups?filter=" + URLEncoder.encode(ATTACK, StandardCharsets.UTF_8));
        assertHarmless(visit);
    }

    private static void assertHarmless(Visit visit) {
        assertTrue(visit.page().title().endsWith("Milena"), visit.page().title());
        assertEquals(
                0,
                visit.page()
                        .locator("main img, main script, dialog img, dialog script")
                        .count());
    }
}
