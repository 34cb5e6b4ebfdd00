package org.millrace.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.millrace.app.Engine;
import org.millrace.app.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Run the engine against the server of the settings.")
final class ServeCommand implements Callable<Integer> {
  @Mixin private SettingsOption settings = new SettingsOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Settings read = settings.read();
    Engine engine = Engine.start(read, Clock.systemUTC());
    engine.signIn();
    if (!LogChoice.isJson()) {
      OpenPorts.print(spec.commandLine().getOut(), engine, read);
    }
    StayUp.untilStopped(engine);
    return 0;
  }

  /** Keeps the JVM up until it is told to stop, and then closes in order. */
  static final class StayUp {
    private StayUp() {}

    static void untilStopped(AutoCloseable... parts) throws InterruptedException {
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(stopped, parts), "stop"));
      stopped.await();
    }

    private static void close(CountDownLatch stopped, AutoCloseable... parts) {
      for (AutoCloseable part : parts) {
        try {
          part.close();
        } catch (Exception e) {
          org.slf4j.LoggerFactory.getLogger(StayUp.class)
              .error("a part did not stop cleanly: {}", e.getClass().getName());
        }
      }
      stopped.countDown();
    }
  }
}
