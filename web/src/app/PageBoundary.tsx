import { Component, type ReactNode } from "react";
import { Failure } from "../feedback/Failure.tsx";

/** Keeps the frame usable when a page breaks, or its code cannot be loaded because a new version was just installed. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <Failure error={this.state.error} title="feedback.went-wrong" again="action.reload" onAgain={() => location.reload()} />;
  }
}
