package io.milena.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test a {@link Visit} of its own, and all of them one broker ({@link Served}). */
final class InBrowser implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(InBrowser.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(Visit.class, new Visit(browser(context)));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try (Visit visit = visit(context)) {
            visit.picture(context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName());
            if (context.getExecutionException().isEmpty()) {
                visit.assertNoOffence();
            }
        }
    }

    private static Visit visit(ExtensionContext context) {
        return Objects.requireNonNull(context.getStore(NAMESPACE).get(Visit.class, Visit.class));
    }

    /** Closed by JUnit after the last test. */
    private static Browser browser(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(
                        Browser.class,
                        type -> {
                            try {
                                return Browser.start();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        Browser.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Visit.class || type == Served.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Visit.class
                ? visit(context)
                : browser(context).served();
    }
}
