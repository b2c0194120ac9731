package io.milena.browser;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Chromium without a window, driven by Playwright. Started once for all tests; of one thread. */
final class Browser implements AutoCloseable {
    private static final List<String> OPTIONS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    static final double PATIENCE_MS = 15_000;

    private final Playwright playwright;
    private final BrowserContext window;

    private Browser(Playwright playwright) {
        this.playwright = playwright;
        this.window = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program("chromium", "chromium-browser", "google-chrome"))
                        .setArgs(OPTIONS))
                .newContext(new NewContextOptions()
                        .setViewportSize(1280, 860)
                        .setColorScheme(ColorScheme.LIGHT)
                        .setPermissions(List.of("clipboard-read", "clipboard-write")));
        window.setDefaultTimeout(PATIENCE_MS);
    }

    static Browser start() {
        // the driver is looked for in a folder named package, beside Node.js
        Path folder;
        try {
            folder = Files.createTempDirectory("milena-driver-");
            folder.toFile().deleteOnExit();
            Files.createSymbolicLink(folder.resolve("package"), modules().resolve("playwright-core"))
                    .toFile()
                    .deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty("playwright.cli.dir", folder.toString());
        Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of(
                        "PLAYWRIGHT_NODEJS_PATH",
                        program("node").toString(),
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1")));
        return new Browser(playwright);
    }

    /** The npm packages that {@code ./milena test} installs. */
    static Path modules() {
        Path folder = Path.of(System.getProperty("milena.driver", "driver/node_modules"));
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(folder + " is missing: ./milena test installs it");
        }
        return folder;
    }

    private static Path program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The tests need " + names[0] + ": install it."));
    }

    /** In the one window that there is: what it has loaded once need not be loaded for each test. */
    Page newPage() {
        return window.newPage();
    }

    @Override
    public void close() {
        playwright.close();
    }
}
