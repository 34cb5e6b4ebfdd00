package org.millrace.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.millrace.cerner.ClientKey;
import org.millrace.cerner.ClientKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "The keys by which the engine proves to Cerner who it is (private_key_jwt).",
    synopsisSubcommandLabel = "COMMAND")
final class KeysCommand implements Runnable {
  private static final String A_FILE = "As 'keys new' made it.";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "new",
      mixinStandardHelpOptions = true,
      description = {
        "Make a key pair in a new file that only its owner can read.",
        "A file that is there is never written over."
      })
  int make(
      @Parameters(
              paramLabel = "FILE",
              description = "Where it goes; must not be there, but with --add.")
          Path path,
      @Parameters(
              paramLabel = "ID",
              description = "What the key is called at Cerner (kid), for example 2026-11.")
          String id,
      @Option(
              names = "--algorithm",
              paramLabel = "NAME",
              defaultValue = "ES384",
              description = "ES384 or RS384; default ${DEFAULT-VALUE}.")
          String algorithm,
      @Option(
              names = "--add",
              description = "Put it beside the keys of a file that is there, to take their place.")
          boolean add)
      throws PlainException {
    KeyFile file = new KeyFile(path);
    try {
      if (add) {
        file.replace(file.read().with(ClientKeys.fresh(id, algorithm)));
      } else {
        file.create(new ClientKeys(List.of(ClientKeys.fresh(id, algorithm))));
      }
    } catch (IllegalArgumentException faulty) {
      throw new PlainException(
          add ? file + ": " + faulty.getMessage() : String.valueOf(faulty.getMessage()));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("# Register the public keys for the system account at Cerner:");
    out.println("#   ./millrace keys jwks " + path);
    out.println("# Once they are registered, this key signs by (millrace.properties):");
    out.println("MILLRACE_CLIENT_KEYS_FILE=" + file);
    out.println("MILLRACE_CLIENT_KEY_ID=" + id);
    return 0;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "The keys of a file: id and algorithm.")
  int list(@Parameters(paramLabel = "FILE", description = A_FILE) Path path) throws PlainException {
    for (ClientKey key : new KeyFile(path).read().keys()) {
      spec.commandLine().getOut().println(OnScreen.text(key.id()) + "  " + key.algorithm());
    }
    return 0;
  }

  @Command(
      name = "jwks",
      mixinStandardHelpOptions = true,
      description = {
        "Print the public keys of a file as JSON (JWK Set): what is registered at Cerner.",
        "Nothing of a private key is in it."
      })
  int jwks(@Parameters(paramLabel = "FILE", description = A_FILE) Path path) throws PlainException {
    spec.commandLine().getOut().println(new KeyFile(path).read().publicSet());
    return 0;
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Take a key out of a file, once another one signs.",
        "The last key stays. The key cannot be brought back."
      })
  int remove(
      @Parameters(paramLabel = "FILE", description = A_FILE) Path path,
      @Parameters(paramLabel = "ID", description = "The key, as 'keys list' shows it.") String id)
      throws PlainException {
    KeyFile file = new KeyFile(path);
    try {
      file.replace(file.read().without(id));
    } catch (IllegalArgumentException faulty) {
      throw new PlainException(file + " " + faulty.getMessage());
    }
    spec.commandLine()
        .getOut()
        .println("# Register what is left at Cerner: ./millrace keys jwks " + path);
    return 0;
  }
}
