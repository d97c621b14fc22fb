import { fileURLToPath } from 'node:url';

/**
 * The file of a program that lies beside a module: TypeScript in a checkout, JavaScript in the package from npm.
 * @param module the module's `import.meta.url`
 */
export function programBeside(module: string, name: string): string {
  const extension = module.slice(module.lastIndexOf('.'));
  return fileURLToPath(new URL(`${name}${extension}`, module));
}
