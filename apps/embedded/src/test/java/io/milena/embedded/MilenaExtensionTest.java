package io.milena.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MilenaExtension.class)
class MilenaExtensionTest {
    private static int portAtFirst;

    @BeforeAll
    static void remember(Milena milena) {
        portAtFirst = milena.port();
        assertTrue(portAtFirst > 0);
    }

    @Test
    void allTestsOfAClassShareOneBroker(Milena milena) {
        assertEquals(portAtFirst, milena.port());
    }
}
