/** What the bundler takes besides modules. */
declare module '*.css' {}
declare module '*?worker&inline' {
  const InlineWorker: new () => Worker;
  export default InlineWorker;
}
