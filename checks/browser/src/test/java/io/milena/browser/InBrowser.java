package io.milena.browser;

import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test a {@link Visit} of its own, and all of them one broker ({@link Served}), but those of a class with {@link OwnBroker}. JUnit closes what is in its stores, the last first. */
final class InBrowser implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(InBrowser.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        OwnBroker own = context.getRequiredTestClass().getAnnotation(OwnBroker.class);
        Store shared = context.getRoot().getStore(NAMESPACE);
        Store test = context.getStore(NAMESPACE);
        Served served;
        if (own == null) {
            served = shared.computeIfAbsent(Served.class, type -> Served.start(), Served.class);
        } else {
            served = Served.start(own.settings());
            test.put(Served.class, served); // put, because a store that computes takes what is in the shared one
        }
        Browser browser = shared.computeIfAbsent(Browser.class, type -> Browser.start(), Browser.class);
        test.put(Visit.class, new Visit(browser, served.url()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Visit visit = found(context, Visit.class);
        visit.picture(context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName());
        if (context.getExecutionException().isEmpty()) {
            visit.assertNoOffence();
        }
    }

    /** The test's, or that of all. */
    private static <T> T found(ExtensionContext context, Class<T> type) {
        return Objects.requireNonNull(context.getStore(NAMESPACE).get(type, type));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Visit.class || type == Served.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return found(context, parameter.getParameter().getType());
    }
}
