package org.cotangent.benchmarks.compare;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;

/** The peer's classes and natives apart from ours: both sides have an OpenBLAS under the same name, of different versions. */
final class PeerLoader extends URLClassLoader {
  private static final String SHARED = Engine.class.getPackageName() + ".";

  private PeerLoader(URL[] urls) {
    super("peer", urls, ClassLoader.getPlatformClassLoader());
  }

  /** A loader of what lies on this class path. */
  static PeerLoader of(String path) throws MalformedURLException {
    var urls = new ArrayList<URL>();
    for (String entry : path.split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new PeerLoader(urls.toArray(URL[]::new));
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    return name.startsWith(SHARED) ? Engine.class.getClassLoader().loadClass(name) : super.findClass(name);
  }
}
