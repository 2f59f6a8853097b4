/** Made by site-files.ts from the files that are there when the page is built. */
declare module "virtual:models" {
  export const models: readonly { name: string; bytes: number; integrity: string }[];
}
